# Kalimat yang dibaca warga. Singkat, hangat, jelas; sapaan "Anda".
# Satu pesan tidak lebih dari satu layar ponsel.

greeting = Halo, selamat datang di layanan pengaduan 🙏
    Ceritakan saja keluhan Anda: apa yang terjadi dan di mana. Foto atau lokasi boleh langsung dikirim.

    Ketik BANTUAN untuk melihat cara lainnya.

help = Cara memakai layanan ini:
    • Tulis keluhan Anda, atau kirim foto dan lokasinya. Kami tanyakan bila ada yang kurang.
    • STATUS diikuti nomor tiket: melihat sampai di mana laporan Anda.
    • BATAL: membatalkan laporan yang sedang ditulis.
    • ENGLISH: switch to English.

    Keadaan darurat? Telepon 112.

ask-text = Baik, kami simpan. Apa yang terjadi di sana? Ceritakan dengan singkat, ya.

ask-text-again = Silakan tulis ulang ceritanya, ya.

ask-place = Di mana tempatnya? Tulis jalan dan patokannya, atau kirim lokasi dari peta.

ask-evidence = Sudah kami catat, terima kasih. Ada fotonya? Kirim di sini, atau pilih Lewati bila tidak ada.

preview = Ini laporan Anda:

    { $text }

    📍 { $where ->
        [pin] Titik di peta
        [both] { $place } (dengan titik peta)
       *[words] { $place }
    }
    📷 { $files ->
        [none] Tanpa foto
       *[some] { $files } berkas
    }

    Sudah benar? Pilih Kirim, Ubah atau Batal.

ask-change = Bagian mana yang ingin Anda ubah?

ticket = Terima kasih, laporan Anda sudah kami terima ✅
    Nomor tiket: { $ticket }

    Simpan nomor ini. Setiap perkembangan kami kabarkan di sini. Untuk bertanya, ketik: STATUS { $ticket }

cancelled = Laporan ini tidak jadi dikirim. Bila ingin melapor lagi, tulis saja kapan pun.

nothing-open = Tidak ada laporan yang sedang ditulis. Ceritakan saja keluhan Anda.

stale-button = Tombol itu milik laporan yang sudah dikirim atau dibatalkan. Untuk laporan baru, tulis saja keluhan Anda.

group = Agar data Anda terjaga, pengaduan tidak diterima di dalam grup. Silakan tulis langsung ke bot ini lewat pesan pribadi 🙏

thanks = Sama-sama 🙏 Senang bisa membantu.

language = Baik, kita lanjutkan dalam bahasa Indonesia.

status-how = Ketik STATUS diikuti nomor tiket Anda, misalnya: STATUS { $example }

status-unknown = Nomor tiket { $ticket } tidak kami temukan. Coba periksa lagi hurufnya, ya.

status = Laporan { $ticket }
    Status: { $state }
    Masuk: { $date }

status-agency = Laporan { $ticket }
    Status: { $state }
    Ditangani: { $agency }
    Masuk: { $date }

trouble = Pesan Anda sudah kami terima dan tersimpan, tetapi sistem kami sedang terkendala. Petugas akan memeriksanya; Anda tidak perlu mengirim ulang.

assigned = Laporan { $ticket } sudah diperiksa dan diteruskan ke { $agency }.

answer = Jawaban { $agency } untuk laporan { $ticket }:

    { $text }

moved = Laporan { $ticket } sekarang: { $state }.

moved-reason = Laporan { $ticket } sekarang: { $state }.
    Keterangan: { $reason }

state-belum_terverifikasi = menunggu pemeriksaan
state-terdisposisi = diteruskan ke instansi
state-proses = sedang ditangani
state-selesai = selesai ditangani
state-tunda = ditunda
state-arsip = diarsipkan

month-1 = Januari
month-2 = Februari
month-3 = Maret
month-4 = April
month-5 = Mei
month-6 = Juni
month-7 = Juli
month-8 = Agustus
month-9 = September
month-10 = Oktober
month-11 = November
month-12 = Desember

choice-send = Kirim
choice-change = Ubah
choice-cancel = Batal
choice-skip = Lewati
choice-text = Isi laporan
choice-place = Lokasi
