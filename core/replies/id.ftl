# Kalimat yang dibaca warga. Singkat, hangat, jelas. Sapaannya { -anda }: "Anda", atau "Kakak" bila
# KANAL_SAPAAN=Kak.
# Satu pesan tidak lebih dari satu layar ponsel.

-anda = Anda

greeting = Halo, selamat datang di layanan pengaduan 🙏
    Ceritakan saja keluhan { -anda }: apa yang terjadi dan di mana. { $pins ->
        [yes] Foto atau lokasi boleh langsung dikirim.
       *[no] Foto boleh langsung dikirim.
    }

    Ketik BANTUAN untuk melihat cara lainnya.

help = Cara memakai layanan ini:
    • Tulis keluhan { -anda }, atau kirim foto dan lokasinya. Kami tanyakan bila ada yang kurang.
    • LAPORAN SAYA: semua laporan { -anda }. STATUS dan nomor tiket: satu laporan.
    • TAMBAH: menambah cerita atau foto. BATAL: membatalkan.
    • ANONIM: nama { -anda } disembunyikan. RAHASIA: laporan tidak dibuka untuk umum.
    • IKUTI dan nomor tiket: mendapat kabar laporan lain.
    • HUBUNGKAN: memakai laporan yang sama di aplikasi lain.
    • PETUGAS: berbicara dengan petugas. STOP: tanpa kabar lagi.
    • LIHAT DATA SAYA, HAPUS DATA SAYA. ENGLISH: switch to English.

    Keadaan darurat? Telepon 112.

go-ahead = Silakan, ceritakan apa yang terjadi dan di mana. Keadaan darurat? Telepon 112. Cara lainnya: ketik BANTUAN.

all-right = Baik 🙏 Perkembangannya dapat { -anda } lihat kapan pun: ketik LAPORAN SAYA.

who-sees = { $anonim ->
        [yes] Laporan { -anda } anonim: tidak seorang pun, termasuk petugas, dapat melihat siapa pelapornya. Laporannya jangan dibaca umum? Ketik RAHASIA.
       *[no] Umum tidak melihat nama { -anda }. Petugas yang berwenang dapat melihatnya bila perlu, begitu juga nomor pribadi yang kami samarkan; itu selalu tercatat.

        Ingin tidak seorang pun tahu siapa pelapornya? Ketik ANONIM. Laporannya jangan dibaca umum? Ketik RAHASIA.
    }

who-we-are = Ini layanan pengaduan otomatis; setiap laporan dibaca petugas. Untuk berbicara dengan petugas sendiri, ketik PETUGAS.

ask-text = { $has ->
        [pin] Lokasinya sudah kami catat. Apa yang terjadi di sana? Ceritakan dengan singkat, ya.
        [files] Baik, kami simpan. Apa yang terjadi di sana? Ceritakan dengan singkat, ya.
        [voice] Pesan suaranya kami simpan, tetapi di sini belum bisa kami dengarkan. Tolong tulis singkat saja apa yang terjadi, ya.
       *[nothing] Apa yang terjadi? Ceritakan dengan singkat, ya.
    }

ask-text-again = Silakan tulis ulang ceritanya, ya.

ask-place = { $pins ->
        [yes] Di mana tempatnya? Tulis jalan dan patokannya, atau kirim lokasi dari peta.
       *[no] Di mana tempatnya? Tulis nama jalan dan patokannya, ya.
    }

ask-place-gently = Bila berkenan, tulis { -anda }, atau orang itu, ada di mana sekarang.

ask-place-help = Sebutkan saja yang terdekat: nama jalan, gang, kelurahan, sekolah, pasar atau masjid.

ask-evidence = Sudah kami catat, terima kasih. Ada fotonya? Kirim di sini, atau pilih Lewati bila tidak ada.

ask-evidence-again = Ada fotonya? Kirim di sini, atau pilih Lewati bila tidak ada.

preview = Ini laporan { -anda }:

    { $text }

    📍 { $where ->
        [none] Tanpa lokasi
        [pin] Titik di peta
        [both] { $place } (dengan titik peta)
       *[words] { $place }
    }{ $when ->
        [none] {""}
       *[told] {"\u000A"}🗓 { $when }
    }
    📎 { $files ->
        [none] Tanpa foto
       *[some] { $files } berkas
    }{ $class ->
        [aspirasi] {"\u000A"}🏷 Usulan
        [permintaan_informasi] {"\u000A"}🏷 Pertanyaan
       *[pengaduan] {""}
    }{ $secrecy ->
        [anonim] {"\u000A"}🕶 Anonim
        [rahasia] {"\u000A"}🔒 Rahasia
        [both] {"\u000A"}🕶 Anonim, 🔒 rahasia
       *[named] {""}
    }{ $private ->
        [none] {""}
       *[some] {"\u000A"}🔒 Kami samarkan: { $private }. { $secrecy ->
            [anonim] Karena laporan ini anonim, tidak seorang pun dapat membukanya.
            [both] Karena laporan ini anonim, tidak seorang pun dapat membukanya.
           *[named] Hanya petugas yang berwenang dapat membukanya bila perlu, dan itu tercatat.
        }
    }

    Sudah benar? Pilih Kirim, Ubah atau Batal.

private-nik = NIK
private-kk = nomor KK
private-phone = nomor telepon
private-plate = pelat nomor
private-email = alamat e-mail
private-bank = nomor rekening

ask-change = Bagian mana yang ingin { -anda } ubah?

ticket = Terima kasih, laporan { -anda } sudah kami terima ✅
    Nomor tiket: { $ticket }

    Kami periksa paling lambat { $verify }, dan kami usahakan terjawab tuntas paling lambat { $answer } ({ $zone }).

    Simpan nomor ini. Setiap perkembangan kami kabarkan di sini. Untuk bertanya, ketik: STATUS { $ticket }

# Laporan darurat terkirim tanpa menunggu persetujuan: yang dalam bahaya tidak sempat memeriksanya.
ticket-emergency = Laporan { -anda } langsung kami catat ✅ dan kami tandai mendesak.
    Nomor tiket: { $ticket }

    Jangan menunggu kabar dari kami: bila bahayanya belum lewat, telepon 112.

    Tambahan cerita, lokasi atau foto kirim saja di sini; bila keliru, ketik BATAL. Laporannya kami periksa paling lambat { $verify }, dan kami usahakan terjawab tuntas paling lambat { $answer } ({ $zone }).

ticket-jiwa = Cerita { -anda } sudah kami catat dan kami tandai mendesak. Nomornya: { $ticket }

    Jangan menunggu kabar dari kami. Bila terasa terlalu berat, telepon 112 atau 119 sekarang juga, kapan pun. Untuk berbicara dengan petugas kami, ketik PETUGAS.

# Di tempat umum: tanpa data pribadi, tanpa tautan. Tanda di belakang membuat tiap kalimat berbeda,
# karena X menolak kalimat yang sama dua kali.
ticket-public = Terima kasih, laporan { -anda } sudah kami terima. Nomor tiket: { $ticket }. Perkembangannya kami kabarkan lewat DM; bila belum masuk, kirimkan nomor ini lewat DM kepada kami.

ticket-public-emergency = Ini terdengar darurat: telepon 112 sekarang. Laporan { -anda } juga sudah kami terima. Nomor tiket: { $ticket }. Kabarnya lewat DM.

public-emergency = Ini terdengar darurat: telepon 112 sekarang. Pesan { -anda } kami catat dan kami tandai mendesak. [{ $mark }]

public-added = Terima kasih, tambahan { -anda } sudah kami catat. [{ $mark }]

public-how = Ceritakan apa yang terjadi dan di mana, sambil menyebut akun ini. Untuk data pribadi, tulis lewat DM saja, ya. [{ $mark }]

public-status = Kami jawab lewat DM, ya. [{ $mark }]

encrypted = Maaf, pesan terenkripsi belum bisa kami baca. Silakan ceritakan lewat DM biasa, atau sebut akun ini dalam unggahan { -anda }. [{ $mark }]

supplement-place = Terima kasih sudah melapor. Agar petugas tidak salah tempat: di mana tepatnya? Balas di sini dengan nama jalan dan patokannya.

supplement-thanks = Terima kasih, sudah kami tambahkan ke laporan { -anda }.

# Darurat: dijawab seketika. Dari sini tidak ada pertolongan yang dikirim, dan itu kami katakan.
emergency-api = Ini terdengar darurat. Segera telepon 113 (pemadam kebakaran) atau 112; bila ada yang terluka, 118 atau 119 (ambulans). Menjauhlah dari api dan asap. Bila tercium gas, jangan menyalakan api atau listrik.

    Dari sini kami tidak dapat mengirim pertolongan, jadi mohon telepon dulu.

emergency-orang = Ini terdengar darurat. Segera telepon 112, atau 118 / 119 (ambulans). Untuk orang hilang, hanyut, tenggelam atau tertimbun: 115 (SAR). Tetaplah di dekatnya bila aman.

    Dari sini kami tidak dapat mengirim pertolongan, jadi mohon telepon dulu.

emergency-kekerasan = Utamakan keselamatan { -anda }: menjauhlah ke tempat yang aman. Segera telepon 110 (polisi) atau 112. Untuk perempuan dan anak: 129 (SAPA). Ada yang terluka? 118 atau 119.

    Dari sini kami tidak dapat mengirim pertolongan, jadi mohon telepon dulu.

emergency-jiwa = Terima kasih sudah bercerita. Ini pasti berat, dan { -anda } tidak harus menanggungnya sendirian. Segera telepon 112 atau 119, dan mintalah seseorang yang { -anda } percaya untuk menemani. Bila ini tentang orang lain, temani dia dan jauhkan benda berbahaya. Dari sini kami tidak dapat mengirim pertolongan, jadi mohon telepon dulu.

emergency-listrik = Ini terdengar darurat. Jangan menyentuh kabel, tiang, genangan, atau orang yang tersengat; menjauhlah. Segera telepon 123 (PLN) atau 112. Ada korban: 118 atau 119. Ada api: 113.

    Dari sini kami tidak dapat mengirim pertolongan, jadi mohon telepon dulu.

emergency-air = Ini terdengar darurat. Pergilah ke tempat yang lebih tinggi, jauhi arus dan listrik. Segera telepon 112 atau 115 (SAR). Ada yang sakit atau terluka? 118 atau 119.

    Dari sini kami tidak dapat mengirim pertolongan, jadi mohon telepon dulu.

# Di luar wewenang SP4N-LAPOR!: ditunjukkan alamat yang tepat, sekali untuk satu laporan.
scope-crime = Untuk tindak pidana, yang berwenang adalah polisi: telepon 110 atau datang ke kantor polisi terdekat. Bila ada pula pelayanan publik yang perlu dibenahi, laporan ini tetap dapat { -anda } kirim.

scope-corruption = Dugaan korupsi ditangani KPK, lewat saluran pengaduan resminya. Bila ada pula pelayanan publik yang perlu dibenahi, laporan ini tetap dapat { -anda } kirim; nama { -anda } dapat disembunyikan: ketik ANONIM.

scope-court = Perkara yang sedang berjalan diputus oleh pengadilan, dan tidak dapat kami campuri. Silakan bertanya ke pengadilan yang bersangkutan; untuk perilaku hakim ada Komisi Yudisial. Bila ada pula pelayanan publik yang perlu dibenahi, laporan ini tetap dapat { -anda } kirim.

abuse = Kami mengerti { -anda } kesal. Bila ada yang perlu dibenahi, ceritakan apa yang terjadi dan di mana; kami bantu teruskan.

# Pengingat draf, di atas pertanyaan yang masih terbuka.
remind-1 = Laporan { -anda } belum terkirim. Yang sudah { -anda } tulis masih kami simpan; mau dilanjutkan?

remind-2 = Laporan { -anda } masih belum terkirim. Ini pengingat terakhir dari kami; yang sudah { -anda } tulis tetap kami simpan, dan bisa { -anda } lanjutkan kapan pun di sini.

# Petugas berbicara sendiri dengan warga.
human-begins = Mulai sekarang petugas kami sendiri yang menjawab { -anda } di sini{ $ticket ->
        [none] {""}
       *[some] , tentang laporan { $ticket }
    }. Layanan otomatis diam dulu; untuk memanggilnya kembali, ketik BOT.

human-ends = Percakapan dengan petugas{ $ticket ->
        [none] {""}
       *[some] {" "}tentang laporan { $ticket }
    } selesai. Mulai sekarang layanan otomatis kembali menjawab { -anda }.

by-number = Balas dengan angkanya saja.

cancelled = Laporan ini tidak jadi dikirim. Bila ingin melapor lagi, tulis saja kapan pun.

nothing-open = Tidak ada laporan yang sedang ditulis. Ceritakan saja keluhan { -anda }.

stale-button = Tombol itu milik laporan yang sudah dikirim atau dibatalkan. Untuk laporan baru, tulis saja keluhan { -anda }.

group = Agar data { -anda } terjaga, pengaduan tidak diterima di dalam grup. Silakan tulis langsung ke bot ini lewat pesan pribadi 🙏

thanks = Sama-sama 🙏 Senang bisa membantu.

language = Baik, kita lanjutkan dalam bahasa Indonesia.

status-how = { $known ->
        [none] Di sini belum ada laporan { -anda }. Bila punya nomor tiket, ketik
       *[some] Ketik
    } STATUS diikuti nomornya, misalnya: STATUS { $example }

status-unknown = Nomor tiket { $ticket } tidak kami temukan. Coba periksa lagi hurufnya, ya.

status = Laporan { $ticket }
    Status: { $state }
    Masuk: { $date }

status-agency = Laporan { $ticket }
    Status: { $state }
    Ditangani: { $agency }
    Masuk: { $date }

trouble = Pesan { -anda } sudah kami terima dan tersimpan, tetapi sistem kami sedang terkendala. Petugas akan memeriksanya; { -anda } tidak perlu mengirim ulang.

too-fast = Pesan { -anda } datang cepat sekali 🙏 Yang terakhir kami simpan dulu, belum kami balas. Silakan lanjutkan satu menit lagi, ya.

too-many-open = Draf ini tetap kami simpan, tetapi belum kami kirim: masih banyak laporan { -anda } yang sedang ditangani. Begitu salah satunya selesai, pilih Kirim lagi, ya.

too-many-open-public = Terima kasih sudah menulis. Unggahan { -anda } belum kami jadikan laporan baru, karena masih banyak laporan { -anda } yang sedang ditangani. Begitu salah satunya selesai, silakan sebut akun ini lagi.

not-listening = Pesan { -anda } kami simpan, tetapi sampai { $date } belum kami baca di sini. Sementara itu { -anda } dapat melapor melalui situs SP4N-LAPOR!, dan untuk keadaan darurat telepon 112.

assigned = Laporan { $ticket } sudah diperiksa dan diteruskan ke { $agency }.

answer = Jawaban { $agency } untuk laporan { $ticket }:

    { $text }

moved = Laporan { $ticket } sekarang: { $state }.

moved-reason = Laporan { $ticket } sekarang: { $state }.
    Keterangan: { $reason }

# ---- Laporan yang sudah dikirim, dan data warga

secrecy = { $secrecy ->
        [anonim] Baik, laporan ini anonim: tidak seorang pun, termasuk petugas, dapat melihat siapa pelapornya. Jawabannya tetap sampai kepada { -anda }.
        [rahasia] Baik, laporan ini rahasia: hanya petugas yang menangani yang dapat membacanya; tidak ditampilkan kepada umum.
        [both] Baik, laporan ini anonim dan rahasia: hanya petugas yang menangani yang dapat membacanya, dan mereka pun tidak melihat siapa pelapornya. Jawabannya tetap sampai kepada { -anda }.
       *[named] Baik, laporan ini tidak anonim dan tidak rahasia. Umum tidak melihat nama { -anda }; petugas yang berwenang dapat melihatnya bila perlu, dan itu tercatat.
    }

secrecy-report = { $secrecy ->
        [anonim] Baik, laporan { $ticket } anonim: tidak seorang pun, termasuk petugas, dapat melihat siapa pelapornya. Jawabannya tetap sampai kepada { -anda }.
        [rahasia] Baik, laporan { $ticket } rahasia: hanya petugas yang menangani yang dapat membacanya; tidak ditampilkan kepada umum.
        [both] Baik, laporan { $ticket } anonim dan rahasia: hanya petugas yang menangani yang dapat membacanya, dan mereka pun tidak melihat siapa pelapornya. Jawabannya tetap sampai kepada { -anda }.
       *[named] Baik, laporan { $ticket } tidak anonim dan tidak rahasia. Umum tidak melihat nama { -anda }; petugas yang berwenang dapat melihatnya bila perlu, dan itu tercatat.
    }

anonim-next = Baik, laporan { -anda } berikutnya anonim: tidak seorang pun, termasuk petugas, dapat melihat siapa pelapornya. Silakan ceritakan.

named-next = Baik, laporan { -anda } berikutnya tidak anonim. Umum tidak melihat nama { -anda }; petugas yang berwenang dapat melihatnya bila perlu, dan itu tercatat. Silakan ceritakan.

rahasia-how = Laporan rahasia hanya dibaca petugas yang menangani. Ceritakan dulu masalahnya, lalu ketik RAHASIA sebelum atau sesudah laporannya dikirim.

ask-time = Kapan kejadiannya? Misalnya: tadi pagi, kemarin, atau tanggalnya.

ask-class = Ini pengaduan, usulan, atau pertanyaan? Silakan pilih.

ask-belonging = Apakah ini laporan baru, atau tambahan untuk laporan { -anda } yang sudah ada?

ask-new = Tidak ada laporan { -anda } yang sedang berjalan di sini. Apakah ini laporan baru? Bila punya nomor tiket, ketik STATUS diikuti nomornya.

new-report = Silakan ceritakan: apa yang terjadi, dan di mana? Foto boleh langsung dikirim. Keadaan darurat? Telepon 112.

added = Terima kasih, sudah kami tambahkan ke laporan { $ticket }.

added-verdict = Terima kasih, sudah kami tambahkan ke laporan { $ticket }. Instansinya menyatakan sudah selesai. Menurut { -anda }, sudah beres?

added-closed = Terima kasih, pesan ini kami simpan bersama laporan { $ticket }, yang sudah ditutup. Bila ada masalah baru, ketik LAPORAN BARU.

added-silent = Terima kasih, pesan ini kami simpan bersama laporan { $ticket }, yang kami tutup karena belum ada kabar dari { -anda }. Bila memang belum beres, pilih Belum; kami buka kembali. Bila ini masalah lain, ketik LAPORAN BARU.

edited-sent = Perubahannya kami catat pada laporan { $ticket }. Petugas melihatnya bersama laporan itu.

withdrawn-sent = Pesan itu sudah kami hapus dari laporan { $ticket }. Bila seluruh laporannya ingin ditarik, pilih Batal.

public-private = Unggahan { -anda } memuat { $private }, dan semua orang dapat membacanya. Agar aman, sebaiknya hapus unggahan itu; laporannya tetap kami simpan.

added-undone = Terima kasih, pesan ini kami simpan bersama laporan { $ticket }, yang sudah ditutup. Bila memang belum beres, pilih Belum; kami buka kembali. Bila ini masalah lain, ketik LAPORAN BARU.

add-how = Silakan kirim tambahannya untuk laporan { $ticket }: tulisan, foto, atau lokasi. Yang { -anda } kirim dalam setengah jam ini kami masukkan ke sana.

not-yours = Laporan { $ticket } bukan laporan yang { -anda } buat di sini. Bila { -anda } membuatnya di kanal lain, ketik HUBUNGKAN untuk menyatukannya.

no-reports = { -anda } belum mengirim laporan di sini. Ceritakan saja keluhan { -anda }, nanti kami bantu.

which-report = Laporan yang mana?

my-reports = Laporan { -anda }:

    { $list }
    { $more ->
        [none] {""}
       *[some] {"\u000A"}Masih ada { $more } laporan lain yang lebih lama; ketik STATUS diikuti nomor tiketnya.
    }
    Pilih nomornya untuk melihat perkembangannya.

my-report = • { $ticket } ({ $state })
    { $title }

latest = { $status }

    Jawaban terakhir dari { $agency }:

    { $text }

latest-none = { $status }

    Belum ada jawaban dari instansi. Begitu ada, langsung kami kabarkan di sini.

ask-verdict = Menurut { -anda }, sudah beres? Bila belum, kami buka kembali.

ask-verdict-words = Menurut { -anda }, sudah beres? Ketik BERES { $ticket } atau BELUM { $ticket }.

verdict-done = Terima kasih sudah memberi kabar 🙏 Laporan { $ticket } kami tutup. Senang masalahnya sudah beres.

verdict-not-done = Terima kasih sudah memberi tahu. Laporan { $ticket } kami buka kembali agar ditangani lagi.{ $promise ->
        [none] {""}
       *[some] {"\u000A"}{ $promise }
    }

    Apa yang belum beres? Tulis saja di sini; foto juga boleh.

verdict-not-done-told = Terima kasih sudah memberi tahu. Laporan { $ticket } kami buka kembali agar ditangani lagi, dan keterangan { -anda } kami teruskan.{ $promise ->
        [none] {""}
       *[some] {"\u000A"}{ $promise }
    }

resumed = Laporan { $ticket } kami lanjutkan.{ $promise ->
        [none] {""}
       *[some] {"\u000A"}{ $promise }
    }

verdict-late = Laporan { $ticket } sudah tidak menunggu jawaban itu lagi. Statusnya sekarang: { $state }.

take-back-sure = { -anda } yakin ingin menarik laporan { $ticket }? Laporannya tidak akan ditangani lagi. Bila tidak jadi, abaikan saja pesan ini.

left-as-is = Baik, tidak jadi; semuanya tetap seperti semula.

taken-back = Laporan { $ticket } sudah { -anda } tarik, dan tidak kami tangani lagi. Terima kasih sudah memberi tahu.

take-back-late = Laporan { $ticket } sudah tidak dapat ditarik. Statusnya sekarang: { $state }.

follow-how = Ketik IKUTI diikuti nomor tiketnya, lalu perkembangannya kami kabarkan juga kepada { -anda }.

followed = Baik, perkembangan laporan { $ticket } kami kabarkan juga kepada { -anda }. Statusnya sekarang: { $state }.

    Siapa pelapornya tidak kami sampaikan, dan { -anda } pun tidak disebutkan kepadanya.

unfollowed = Baik, laporan { $ticket } tidak kami kabarkan lagi kepada { -anda }.

unfollow-how = Ketik BERHENTI IKUTI diikuti nomor tiketnya, lalu kabarnya tidak kami kirim lagi.

followed-answer = Laporan { $ticket } yang { -anda } ikuti sudah dijawab. Statusnya sekarang: { $state }.

followed-reopened = Laporan { $ticket } yang { -anda } ikuti dibuka kembali. Statusnya sekarang: { $state }.

followed-closed = Laporan { $ticket } yang { -anda } ikuti sudah ditutup.

follow-own = Laporan { $ticket } memang laporan { -anda }; setiap perkembangannya sudah kami kabarkan.

follow-unknown = Laporan { $ticket } tidak dapat diikuti. Coba periksa lagi nomornya, ya.

follow-full = { -anda } sudah mengikuti { $most } laporan. Bila salah satunya selesai, { -anda } dapat mengikuti yang lain.

link-code = Kode { -anda }: { $code }
    Berlaku { $minutes } menit, untuk satu kali saja.

    Buka kanal { -anda } yang lain, lalu kirim: HUBUNGKAN { $code }

    Jangan berikan kode ini kepada siapa pun: yang memakainya dapat melihat laporan { -anda }.

linked = Berhasil, kanal ini sudah terhubung. LAPORAN SAYA sekarang sama di semua kanal { -anda }.

link-used = Kode { -anda } baru saja dipakai: kanal { $channel } kini terhubung, dan dapat melihat laporan { -anda }. Bila bukan { -anda } yang memakainya, ketik PETUGAS di sini.

link-here = Kode itu dibuat di kanal ini. Kirimkan dari kanal { -anda } yang lain, ya.

link-wrong = Kode itu tidak berlaku. Ketik HUBUNGKAN di kanal { -anda } yang lain untuk mendapat kode baru, lalu kirimkan di sini.

link-wait = Sudah beberapa kali kodenya tidak cocok. Demi keamanan, silakan coba lagi { $minutes } menit lagi dengan kode baru.

notices-off = Baik, kami tidak mengirim kabar lagi di sini. Laporan { -anda } tetap ditangani. Untuk melihatnya kapan pun, ketik LAPORAN SAYA; untuk menerima kabar lagi, ketik KABARI LAGI.

notices-on = Baik, setiap perkembangan laporan { -anda } kami kabarkan lagi di sini.

my-data = Yang kami simpan tentang { -anda }:
    • Sejak: { $since }
    • Kanal: { $channels }
    • Nama: { $name ->
        [none] tidak kami simpan
       *[some] { $name }
    }
    • { $reports } laporan, { $messages } pesan, { $files } foto atau berkas
    • Laporan orang lain yang { -anda } ikuti: { $follows }
    • Kabar perkembangan: { $notices ->
        [off] dimatikan
       *[on] menyala
    }

    Nama dan alamat akun { -anda } tersimpan terenkripsi. Laporan { -anda } dibaca petugas yang menangani; pada laporan anonim mereka tidak melihat siapa pelapornya. Nomor pribadi dalam tulisan disamarkan.

    Untuk menghapusnya, ketik HAPUS DATA SAYA.

erase-sure = { -anda } yakin? Di semua kanal { -anda }, kami hapus nama, draf, dan pesan yang bukan bagian laporan; itu tidak dapat dikembalikan.

    Laporan yang sudah dikirim tetap kami simpan agar ditangani, tetapi menjadi anonim, juga bagi petugas.

    Bila tidak jadi, abaikan saja pesan ini.

erased = Sudah kami hapus: nama { -anda }, draf, pesan di luar laporan, dan hubungan antarkanal. Foto dan berkas di luar laporan tidak dapat dilihat lagi.

    Laporan { -anda } tetap ditangani, kini anonim: petugas pun tidak melihat siapa pelapornya. Alamat akun ini tetap tersimpan terenkripsi, hanya agar jawabannya sampai kepada { -anda }. Tidak ingin dikabari lagi? Ketik STOP.

erased-there = Data { -anda } baru saja dihapus lewat kanal { $channel }: nama, draf, pesan di luar laporan, dan hubungan antarkanal. Bila bukan { -anda } yang memintanya, ketik PETUGAS di sini.

human-called = Baik, permintaan { -anda } sudah kami catat. Petugas yang membuka percakapan ini membaca pesan { -anda }, dan menulis di sini begitu dapat menjawab. Sementara itu { -anda } boleh tetap melapor seperti biasa.

handed-back = Baik, percakapan kembali ke layanan otomatis. Ada yang bisa kami bantu?

promised-verify = Diperiksa paling lambat: { $date }
promised-follow_up = Ditindaklanjuti paling lambat: { $date }
promised-answer = Terjawab tuntas paling lambat: { $date }
paused = Selama ditunda, batas waktunya tidak dihitung.
overdue = Sudah melewati tanggal yang kami janjikan.

missed-verify = Mohon maaf, laporan { $ticket } belum kami periksa sampai { $promised }, tanggal yang kami janjikan.

    Tanggal yang baru: { $again ->
        [same] diperiksa dan kami usahakan terjawab tuntas paling lambat { $answer }.
       *[other] diperiksa paling lambat { $again }, dan kami usahakan terjawab tuntas paling lambat { $answer }.
    }

missed-follow_up = Mohon maaf, laporan { $ticket } belum ditindaklanjuti { $agency } sampai { $promised }, tanggal yang kami janjikan.

    Tanggal yang baru: paling lambat { $again }.

missed-answer = Mohon maaf, laporan { $ticket } belum terjawab tuntas sampai { $promised }, tanggal yang kami janjikan.

    Tanggal yang baru: paling lambat { $again }.

missed-again = Mohon maaf, laporan { $ticket } sekali lagi melewati tanggal yang kami janjikan, { $promised }. Kami tidak ingin menjanjikan tanggal yang belum tentu bisa kami tepati. Laporan { -anda } tetap terbuka, dan setiap perkembangannya kami kabarkan.

ombudsman = Bila { -anda } merasa tidak dilayani sebagaimana mestinya, { -anda } berhak mengadu ke { $ombudsman }. Sebutkan nomor tiket ini.

closed-silence = Laporan { $ticket } kami tutup: sudah { $days } hari kerja sejak dinyatakan selesai, dan kami belum mendengar kabar dari { -anda }.

    Ternyata belum beres? Ketik BELUM { $ticket }, nanti kami buka kembali.

state-belum_terverifikasi = menunggu pemeriksaan
state-terdisposisi = diteruskan ke instansi
state-proses = sedang ditangani
state-selesai = selesai ditangani
state-tunda = ditunda
state-arsip = diarsipkan

day = { $weekday }, { $date }
weekday-1 = Senin
weekday-2 = Selasa
weekday-3 = Rabu
weekday-4 = Kamis
weekday-5 = Jumat
weekday-6 = Sabtu
weekday-7 = Minggu

channel-telegram = Telegram
channel-line = LINE
channel-twitter = X
channel-messenger = Messenger

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
choice-time = Waktu kejadian
choice-help = Bantuan
choice-status = Status
choice-id = Bahasa Indonesia
choice-en = English
choice-dont-know = Tidak tahu
choice-anonim = Anonim
choice-rahasia = Rahasia
choice-named = Pakai nama
choice-my-reports = Laporan saya
choice-resend = Kirim ulang
choice-add = Tambahkan
choice-follow = Ikuti
choice-unfollow = Berhenti ikuti
choice-link = Hubungkan akun
choice-done = Sudah
choice-not-done = Belum
choice-stop = Berhenti
choice-resume = Lanjutkan kabar
choice-show-data = Lihat data saya
choice-erase-data = Hapus data saya
choice-new = Laporan baru
choice-complaint = Pengaduan
choice-aspiration = Usulan
choice-question = Pertanyaan
choice-human = Petugas
choice-bot = Kembali ke bot
choice-privacy = Siapa melihat?
choice-public = Tidak rahasia
choice-who = Siapa ini?
choice-noted = Mengerti
choice-cancel-surely = Ya, tarik laporan
choice-erase-data-surely = Ya, hapus data
