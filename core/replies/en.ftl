# What citizens read in English. Short, warm, plain.

greeting = Hello, and welcome to the public complaint service 🙏
    Just tell us what is wrong and where. You may send a photo or a location right away.

    Type HELP to see what else you can do.

help = How to use this service:
    • Write your complaint, or send a photo and its location. We ask if something is missing.
    • STATUS followed by a ticket number: see how your report stands.
    • CANCEL: drop the report you are writing.
    • BAHASA INDONESIA: kembali ke bahasa Indonesia.

    An emergency? Call 112.

ask-text = Thank you, we kept that. What is happening there? A short description is enough.

ask-text-again = Please tell it again in your own words.

ask-place = Where is it? Write the street and a landmark, or send a location from the map.

ask-evidence = Noted, thank you. Do you have a photo? Send it here, or choose Skip if you have none.

preview = This is your report:

    { $text }

    📍 { $where ->
        [pin] Point on the map
        [both] { $place } (with a point on the map)
       *[words] { $place }
    }
    📷 { $files ->
        [none] No photo
       *[some] { $files } file(s)
    }

    Is it right? Choose Send, Change or Cancel.

ask-change = Which part would you like to change?

ticket = Thank you, we have received your report ✅
    Ticket number: { $ticket }

    Please keep it. We will tell you about every step here. To ask, type: STATUS { $ticket }

cancelled = This report was not sent. To report again, just write to us at any time.

nothing-open = There is no report being written. Just tell us what is wrong.

stale-button = That button belongs to a report that was already sent or cancelled. For a new report, just write to us.

group = To protect your data, complaints are not taken in a group. Please write directly to this bot in a private message 🙏

thanks = You are welcome 🙏 We are glad to help.

language = All right, we go on in English.

status-how = Type STATUS followed by your ticket number, for example: STATUS { $example }

status-unknown = We could not find ticket { $ticket }. Please check the number once more.

status = Report { $ticket }
    Status: { $state }
    Received: { $date }

status-agency = Report { $ticket }
    Status: { $state }
    Handled by: { $agency }
    Received: { $date }

trouble = Your message has arrived and is kept safe, but our system has trouble reading it. An officer will look at it; you need not send it again.

assigned = Report { $ticket } has been checked and passed on to { $agency }.

answer = { $agency } answers report { $ticket }:

    { $text }

moved = Report { $ticket } is now: { $state }.

moved-reason = Report { $ticket } is now: { $state }.
    Note: { $reason }

state-belum_terverifikasi = waiting to be checked
state-terdisposisi = passed on to the agency
state-proses = being handled
state-selesai = completed
state-tunda = on hold
state-arsip = archived

month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December

choice-send = Send
choice-change = Change
choice-cancel = Cancel
choice-skip = Skip
choice-text = The text
choice-place = The place
