# Kalimat yang dibaca warga. Singkat, hangat, jelas; sapaan "Anda".
# Satu pesan tidak lebih dari satu layar ponsel.

greeting = Halo, selamat datang di layanan pengaduan 🙏
    Ceritakan saja keluhan Anda: apa yang terjadi dan di mana. { $pins ->
        [yes] Foto atau lokasi boleh langsung dikirim.
       *[no] Foto boleh langsung dikirim.
    }

    Ketik BANTUAN untuk melihat cara lainnya.

help = Cara memakai layanan ini:
    • Tulis keluhan Anda, atau kirim foto dan lokasinya. Kami tanyakan bila ada yang kurang.
    • STATUS diikuti nomor tiket: melihat sampai di mana laporan Anda.
    • BATAL: membatalkan laporan yang sedang ditulis.
    • ENGLISH: switch to English.

    Keadaan darurat? Telepon 112.

ask-text = Baik, kami simpan. Apa yang terjadi di sana? Ceritakan dengan singkat, ya.

ask-text-again = Silakan tulis ulang ceritanya, ya.

ask-place = { $pins ->
        [yes] Di mana tempatnya? Tulis jalan dan patokannya, atau kirim lokasi dari peta.
       *[no] Di mana tempatnya? Tulis nama jalan dan patokannya, ya.
    }

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

# Di tempat umum: tanpa data pribadi, tanpa tautan. Tanda di belakang membuat tiap kalimat berbeda,
# karena X menolak kalimat yang sama dua kali.
ticket-public = Terima kasih, laporan Anda sudah kami terima. Nomor tiket: { $ticket }. Perkembangannya kami kabarkan lewat DM; bila belum masuk, kirimkan nomor ini lewat DM kepada kami.

public-added = Terima kasih, tambahan Anda sudah kami catat. [{ $mark }]

public-how = Ceritakan apa yang terjadi dan di mana, sambil menyebut akun ini. Untuk data pribadi, tulis lewat DM saja, ya. [{ $mark }]

public-status = Kami jawab lewat DM, ya. [{ $mark }]

encrypted = Maaf, pesan terenkripsi belum bisa kami baca. Silakan ceritakan lewat DM biasa, atau sebut akun ini dalam unggahan Anda. [{ $mark }]

supplement-place = Terima kasih sudah melapor. Agar petugas tidak salah tempat: di mana tepatnya? Balas di sini dengan nama jalan dan patokannya.

supplement-thanks = Terima kasih, sudah kami tambahkan ke laporan Anda.

by-number = Balas dengan angkanya saja.

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

too-fast = Pesan Anda datang cepat sekali 🙏 Yang terakhir kami simpan dulu, belum kami balas. Silakan lanjutkan satu menit lagi, ya.

too-many-open = Draf ini tetap kami simpan, tetapi belum kami kirim: masih banyak laporan Anda yang sedang ditangani. Begitu salah satunya selesai, pilih Kirim lagi, ya.

too-many-open-public = Terima kasih sudah menulis. Unggahan Anda belum kami jadikan laporan baru, karena masih banyak laporan Anda yang sedang ditangani. Begitu salah satunya selesai, silakan sebut akun ini lagi.

not-listening = Pesan Anda kami simpan, tetapi sampai { $date } belum kami baca di sini. Sementara itu Anda dapat melapor melalui situs SP4N-LAPOR!, dan untuk keadaan darurat telepon 112.

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
