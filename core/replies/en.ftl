# What citizens read in English. Short, warm, plain.

greeting = Hello, and welcome to the public complaint service 🙏
    Just tell us what is wrong and where. { $pins ->
        [yes] You may send a photo or a location right away.
       *[no] You may send a photo right away.
    }

    Type HELP to see what else you can do.

help = How to use this service:
    • Write your complaint, or send a photo and its location. We ask if something is missing.
    • STATUS followed by a ticket number: see how your report stands.
    • CANCEL: drop the report you are writing.
    • BAHASA INDONESIA: kembali ke bahasa Indonesia.

    An emergency? Call 112.

ask-text = Thank you, we kept that. What is happening there? A short description is enough.

ask-text-again = Please tell it again in your own words.

ask-place = { $pins ->
        [yes] Where is it? Write the street and a landmark, or send a location from the map.
       *[no] Where is it? Please write the street and a landmark.
    }

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

# In public: no personal data, no link. The mark at the end makes each sentence another one, for X
# refuses the same words twice.
ticket-public = Thank you, we have received your report. Ticket number: { $ticket }. We will tell you about every step by DM; if nothing comes, send us this number by DM.

public-added = Thank you, we have noted this as well. [{ $mark }]

public-how = Please tell us what is wrong and where, and mention this account. Anything personal is better sent by DM. [{ $mark }]

public-status = We answer you by DM. [{ $mark }]

encrypted = Sorry, we cannot read encrypted messages yet. Please write an ordinary DM, or mention this account in a post. [{ $mark }]

supplement-place = Thank you for your report. So that nobody goes to the wrong place: where is it exactly? Reply here with the street and a landmark.

supplement-thanks = Thank you, we have added this to your report.

by-number = Just reply with the number.

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

too-fast = Your messages are coming very fast 🙏 We have kept the latest ones, but not answered them yet. Please go on in a minute.

too-many-open = We keep this draft, but have not sent it yet: many reports of yours are still being handled. As soon as one of them is completed, please choose Send again.

too-many-open-public = Thank you for writing. We have not made your post a new report yet, because many reports of yours are still being handled. As soon as one of them is completed, please mention this account again.

not-listening = We keep your messages, but will not read them here until { $date }. Meanwhile you can report on the website of SP4N-LAPOR!, and in an emergency call 112.

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
