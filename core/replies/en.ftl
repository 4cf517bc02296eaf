# What citizens read in English. Short, warm, plain.

greeting = Hello, and welcome to the public complaint service 🙏
    Just tell us what is wrong and where. { $pins ->
        [yes] You may send a photo or a location right away.
       *[no] You may send a photo right away.
    }

    Type HELP to see what else you can do.

help = How to use this service:
    • Write your complaint, or send a photo and its location. We ask if something is missing.
    • MY REPORTS: all your reports. STATUS and a ticket number: one of them.
    • ADD: more words or photos. CANCEL: take it back.
    • ANONYMOUS: your name is hidden. CONFIDENTIAL: the report is not public.
    • FOLLOW and a ticket number: news of another report.
    • LINK: use the same reports in another app.
    • OFFICER: talk to an officer. STOP: no more news.
    • SHOW MY DATA, ERASE MY DATA. BAHASA INDONESIA: kembali ke bahasa Indonesia.

    An emergency? Call 112.

go-ahead = Please tell us what happened, and where. An emergency? Call 112. For other ways, type HELP.

all-right = All right 🙏 To see how it is going at any time, type MY REPORTS.

who-sees = { $anonim ->
        [yes] Your report is anonymous: nobody, not even an officer, can see who told it. Shall the public not read it either? Type CONFIDENTIAL.
       *[no] The public does not see your name. Officers in charge can see it when needed, and so the personal numbers that we mask; that is always logged.

        Shall nobody know who reported? Type ANONYMOUS. Shall the public not read the report? Type CONFIDENTIAL.
    }

who-we-are = This is an automatic complaint service; every report is read by an officer. To talk with an officer, type OFFICER.

ask-text = { $has ->
        [pin] We have noted the location. What is happening there? A short description is enough.
        [files] Thank you, we kept that. What is happening there? A short description is enough.
        [voice] We keep your voice message, but cannot listen to it here yet. Please write in a few words what happened.
       *[nothing] What happened? A short description is enough.
    }

ask-text-again = Please tell it again in your own words.

ask-place = { $pins ->
        [yes] Where is it? Write the street and a landmark, or send a location from the map.
       *[no] Where is it? Please write the street and a landmark.
    }

ask-place-gently = If you can, tell us where you, or they, are now.

ask-place-help = Just name what is near: a street, a lane, a kelurahan, a school, a market or a mosque.

ask-evidence = Noted, thank you. Do you have a photo? Send it here, or choose Skip if you have none.

ask-evidence-again = Is there a photo? Send it here, or choose Skip if there is none.

preview = This is your report:

    { $text }

    📍 { $where ->
        [none] No place
        [pin] Point on the map
        [both] { $place } (with a point on the map)
       *[words] { $place }
    }{ $when ->
        [none] {""}
       *[told] {"\u000A"}🗓 { $when }
    }
    📎 { $files ->
        [none] No photo
       *[some] { $files } file(s)
    }{ $class ->
        [aspirasi] {"\u000A"}🏷 Suggestion
        [permintaan_informasi] {"\u000A"}🏷 Question
       *[pengaduan] {""}
    }{ $secrecy ->
        [anonim] {"\u000A"}🕶 Anonymous
        [rahasia] {"\u000A"}🔒 Confidential
        [both] {"\u000A"}🕶 Anonymous, 🔒 confidential
       *[named] {""}
    }{ $private ->
        [none] {""}
       *[some] {"\u000A"}🔒 We hide: { $private }. { $secrecy ->
            [anonim] Because this report is anonymous, nobody can open it.
            [both] Because this report is anonymous, nobody can open it.
           *[named] Only authorised officers can open it when they must, and that is logged.
        }
    }

    Is it right? Choose Send, Change or Cancel.

private-nik = NIK
private-kk = family card number
private-phone = phone number
private-plate = number plate
private-email = e-mail address
private-bank = account number

ask-change = Which part would you like to change?

ticket = Thank you, we have received your report ✅
    Ticket number: { $ticket }

    We will check it by { $verify }, and do our best to settle it by { $answer } ({ $zone }).

    Please keep the number. We will tell you about every step here. To ask, type: STATUS { $ticket }

# An emergency is sent without waiting for a yes: who is in danger has no time to check it.
ticket-emergency = We have taken your report at once ✅ and marked it as urgent.
    Ticket number: { $ticket }

    Do not wait for word from us: if the danger is not over, call 112.

    More words, a place or a photo: just send them here; if it is a mistake, type CANCEL. We will check the report by { $verify }, and do our best to settle it by { $answer } ({ $zone }).

ticket-jiwa = We have noted what you told us, and marked it as urgent. Its number: { $ticket }

    Do not wait for word from us. If it gets too hard, call 112 or 119 right away, at any time. To talk with one of our officers, type OFFICER.

# In public: no personal data, no link. The mark at the end makes each sentence another one, for X
# refuses the same words twice.
ticket-public = Thank you, we have received your report. Ticket number: { $ticket }. We will tell you about every step by DM; if nothing comes, send us this number by DM.

ticket-public-emergency = This sounds like an emergency: call 112 now. We have also received your report. Ticket number: { $ticket }. News will come by DM.

public-emergency = This sounds like an emergency: call 112 now. We have noted your message and marked it as urgent. [{ $mark }]

public-added = Thank you, we have noted this as well. [{ $mark }]

public-how = Please tell us what is wrong and where, and mention this account. Anything personal is better sent by DM. [{ $mark }]

public-status = We answer you by DM. [{ $mark }]

encrypted = Sorry, we cannot read encrypted messages yet. Please write an ordinary DM, or mention this account in a post. [{ $mark }]

supplement-place = Thank you for your report. So that nobody goes to the wrong place: where is it exactly? Reply here with the street and a landmark.

supplement-thanks = Thank you, we have added this to your report.

# Emergencies: answered at once. No help is sent from here, and we say so.
emergency-api = This sounds like an emergency. Call 113 (fire brigade) or 112 now; if somebody is hurt, 118 or 119 (ambulance). Keep away from fire and smoke. If you smell gas, do not light or switch on anything.

    We cannot send help from here, so please call first.

emergency-orang = This sounds like an emergency. Call 112 now, or 118 / 119 (ambulance). For somebody missing, drowning or buried: 115 (search and rescue). Stay close if it is safe.

    We cannot send help from here, so please call first.

emergency-kekerasan = Your safety comes first: get to a safe place. Call 110 (police) or 112 now. For women and children: 129 (SAPA). Is somebody hurt? 118 or 119.

    We cannot send help from here, so please call first.

emergency-jiwa = Thank you for telling us. This must be very hard, and you do not have to carry it alone. Please call 112 or 119 now, and ask someone you trust to stay with you. If it is about somebody else, stay with them and keep dangerous things away. We cannot send help from here, so please call first.

emergency-listrik = This sounds like an emergency. Do not touch cables, poles, puddles, or anybody who got a shock; keep away. Call 123 (PLN) or 112 now. Somebody hurt: 118 or 119. Fire: 113.

    We cannot send help from here, so please call first.

emergency-air = This sounds like an emergency. Go to higher ground, away from currents and electricity. Call 112 or 115 (search and rescue) now. Is somebody ill or hurt? 118 or 119.

    We cannot send help from here, so please call first.

# Not ours to settle: the right address, told once for a report.
scope-crime = Crimes are for the police: call 110, or go to the nearest police station. If a public service should do better as well, you can still send this report.

scope-corruption = Suspected corruption is for the KPK, through its official complaint channel. If a public service should do better as well, you can still send this report; to hide your name, type ANONIM.

scope-court = A case before a court is decided by that court, and we cannot interfere. Please ask the court itself; for the conduct of judges there is the Judicial Commission (Komisi Yudisial). If a public service should do better as well, you can still send this report.

abuse = We understand that you are upset. If something needs fixing, tell us what happened and where, and we will pass it on.

# The reminder of a draft, above the question that is still open.
remind-1 = Your report has not been sent yet. We still keep what you wrote; would you like to go on?

remind-2 = Your report has still not been sent. This is our last reminder; we keep what you wrote, and you can go on here at any time.

# An officer talks to the citizen himself.
human-begins = From now on an officer answers you here in person{ $ticket ->
        [none] {""}
       *[some] , about report { $ticket }
    }. The automatic service stays silent; to call it back, type BOT.

human-ends = The conversation with our officer{ $ticket ->
        [none] {""}
       *[some] {" "}about report { $ticket }
    } has ended. From now on the automatic service answers you again.

by-number = Just reply with the number.

cancelled = This report was not sent. To report again, just write to us at any time.

nothing-open = There is no report being written. Just tell us what is wrong.

stale-button = That button belongs to a report that was already sent or cancelled. For a new report, just write to us.

group = To protect your data, complaints are not taken in a group. Please write directly to this bot in a private message 🙏

thanks = You are welcome 🙏 We are glad to help.

language = All right, we go on in English.

status-how = { $known ->
        [none] We know of no report of yours here. If you have a ticket number, type
       *[some] Type
    } STATUS followed by the number, for example: STATUS { $example }

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

# ---- Reports that were sent, and what is stored about a citizen

secrecy = { $secrecy ->
        [anonim] All right, this report is anonymous: nobody, not even an officer, can see who sent it. Answers still reach you.
        [rahasia] All right, this report is confidential: only the officers who handle it can read it; it is not shown in public.
        [both] All right, this report is anonymous and confidential: only the officers who handle it can read it, and not even they see who sent it. Answers still reach you.
       *[named] All right, this report is neither anonymous nor confidential. The public does not see your name; authorised officers can if need be, and that is recorded.
    }

secrecy-report = { $secrecy ->
        [anonim] All right, report { $ticket } is anonymous: nobody, not even an officer, can see who sent it. Answers still reach you.
        [rahasia] All right, report { $ticket } is confidential: only the officers who handle it can read it; it is not shown in public.
        [both] All right, report { $ticket } is anonymous and confidential: only the officers who handle it can read it, and not even they see who sent it. Answers still reach you.
       *[named] All right, report { $ticket } is neither anonymous nor confidential. The public does not see your name; authorised officers can if need be, and that is recorded.
    }

anonim-next = All right, your next report is anonymous: nobody, not even an officer, can see who sent it. Please tell us what happened.

named-next = All right, your next report is not anonymous. The public does not see your name; authorised officers can if need be, and that is recorded. Please tell us what happened.

rahasia-how = A confidential report is read only by the officers who handle it. Tell us about the problem first, then type CONFIDENTIAL before or after it is sent.

ask-time = When did it happen? For example: this morning, yesterday, or the date.

ask-class = Is this a complaint, a suggestion or a question? Please choose.

ask-belonging = Is this a new report, or does it belong to one that you have sent?

ask-new = No report of yours is under way here. Is this a new report? If you have a ticket number, type STATUS followed by it.

new-report = Please tell us what happened, and where. You may send a photo right away. An emergency? Call 112.

added = Thank you, we have added this to report { $ticket }.

added-verdict = Thank you, we have added this to report { $ticket }. The agency says that it is done. Do you find it settled?

added-closed = Thank you, we keep this message with report { $ticket }, which is closed. For a new problem, type NEW REPORT.

added-silent = Thank you, we keep this message with report { $ticket }, which we closed because we had not heard from you. If it is not settled, choose Not yet, and we open it again. If this is another problem, type NEW REPORT.

edited-sent = We have noted your change in report { $ticket }. Officers see it beside the report.

withdrawn-sent = We have removed that message from report { $ticket }. If the whole report shall be withdrawn, choose Cancel.

public-private = Your post shows { $private }, and everybody can read it. To be safe, please delete the post; we keep the report.

added-undone = Thank you, we keep this message with report { $ticket }, which is closed. If it is not done after all, choose Not yet and we reopen it. If this is another problem, type NEW REPORT.

add-how = Please send what you want to add to report { $ticket }: words, a photo or a location. What you send within half an hour goes there.

not-yours = Report { $ticket } is not one that you made here. If you made it on another channel, type LINK to bring them together.

no-reports = You have not sent a report here yet. Just tell us what is wrong, and we will help.

which-report = Which report?

my-reports = Your reports:

    { $list }
    { $more ->
        [none] {""}
       *[some] {"\u000A"}There are { $more } older ones; type STATUS followed by the ticket number.
    }
    Choose a number to see how it stands.

my-report = • { $ticket } ({ $state })
    { $title }

latest = { $status }

    The latest answer of { $agency }:

    { $text }

latest-none = { $status }

    The agency has not answered yet. As soon as it does, we tell you here.

ask-verdict = Do you find it settled? If not, we open it again.

ask-verdict-words = Do you find it settled? Type DONE { $ticket } or NOT DONE { $ticket }.

verdict-done = Thank you for telling us 🙏 We close report { $ticket }. We are glad that it is settled.

verdict-not-done = Thank you for telling us. We have opened report { $ticket } again, so that it is taken care of.{ $promise ->
        [none] {""}
       *[some] {"\u000A"}{ $promise }
    }

    What is not settled? Just write it here; a photo helps, too.

verdict-not-done-told = Thank you for telling us. We have opened report { $ticket } again, so that it is taken care of, and pass on what you wrote.{ $promise ->
        [none] {""}
       *[some] {"\u000A"}{ $promise }
    }

resumed = Report { $ticket } goes on.{ $promise ->
        [none] {""}
       *[some] {"\u000A"}{ $promise }
    }

verdict-late = Report { $ticket } no longer waits for that answer. It is now: { $state }.

take-back-sure = Are you sure that you want to withdraw report { $ticket }? It will not be handled any more. If not, just ignore this message.

left-as-is = All right, nothing was changed.

taken-back = You have withdrawn report { $ticket }, and we no longer handle it. Thank you for telling us.

take-back-late = Report { $ticket } can no longer be withdrawn. It is now: { $state }.

follow-how = Type FOLLOW and the ticket number, and we tell you, too, how it goes on.

followed = All right, we tell you, too, how report { $ticket } goes on. It is now: { $state }.

    We do not say who sent it, nor do we tell them about you.

unfollowed = All right, we no longer send you news of report { $ticket }.

unfollow-how = Type UNFOLLOW and the ticket number, and we send you no more news of it.

followed-answer = Report { $ticket }, which you follow, was answered. It is now: { $state }.

followed-reopened = Report { $ticket }, which you follow, was opened again. It is now: { $state }.

followed-closed = Report { $ticket }, which you follow, was closed.

follow-own = Report { $ticket } is your own; we already tell you about every step.

follow-unknown = Report { $ticket } cannot be followed. Please check the number once more.

follow-full = You already follow { $most } reports. When one of them is closed, you can follow another.

link-code = Your code: { $code }
    It is valid for { $minutes } minutes, and only once.

    Open your other channel and send: LINK { $code }

    Give this code to nobody: whoever uses it can see your reports.

linked = Done, this channel is linked. MY REPORTS is now the same on all your channels.

link-used = Your code was just used: { $channel } is linked now and can see your reports. If that was not you, type OFFICER here.

link-here = That code was made on this channel. Please send it from your other channel.

link-wrong = That code is not valid. Type LINK on your other channel to get a new one, then send it here.

link-wait = The code was wrong several times. To keep you safe, please try again in { $minutes } minutes with a new code.

notices-off = All right, we send you no more news here. Your reports are still handled. To see them at any time, type MY REPORTS; to get news again, type RESUME.

notices-on = All right, we tell you about every step of your reports here again.

my-data = What we store about you:
    • Since: { $since }
    • Channels: { $channels }
    • Name: { $name ->
        [none] not stored
       *[some] { $name }
    }
    • { $reports } report(s), { $messages } message(s), { $files } photo(s) or file(s)
    • Reports of others that you follow: { $follows }
    • News: { $notices ->
        [off] not sent
       *[on] sent
    }

    Your name and account address are stored encrypted. Your reports are read by the officers who handle them; on an anonymous one they do not see who sent it. Personal numbers in your words are masked.

    To erase it, type DELETE MY DATA.

erase-sure = Are you sure? On all your channels we erase your name, drafts, and messages that belong to no report; that cannot be undone.

    Reports that you have sent are kept so that they are handled, but become anonymous, to officers as well.

    If not, just ignore this message.

erased = We have erased your name, drafts, messages outside of reports, and the link between your channels. Photos and files outside of reports can no longer be seen.

    Your reports are still handled, and are anonymous now: not even officers see who sent them. The address of this account stays stored, encrypted, only so that answers reach you. No more news? Type STOP.

erased-there = Your data was just erased on { $channel }: name, drafts, messages outside of reports, and the links between your channels. If that was not you, type OFFICER here.

human-called = All right, we have noted that. The officer who opens this conversation reads your messages, and writes here as soon as one can. Meanwhile you can go on reporting as usual.

handed-back = All right, the automatic service is back. How can we help?

promised-verify = To be checked by: { $date }
promised-follow_up = To be taken up by: { $date }
promised-answer = To be settled by: { $date }
paused = While it is on hold, the time limit does not run.
overdue = The date that we promised has passed.

missed-verify = We are sorry: report { $ticket } was not checked by { $promised }, as we had promised.

    The new date: { $again ->
        [same] checked and, if we can, settled by { $answer }.
       *[other] checked by { $again }, and we do our best to settle it by { $answer }.
    }

missed-follow_up = We are sorry: { $agency } did not take up report { $ticket } by { $promised }, as we had promised.

    The new date: by { $again }.

missed-answer = We are sorry: report { $ticket } was not settled by { $promised }, as we had promised.

    The new date: by { $again }.

missed-again = We are sorry: report { $ticket } has once more passed the date that we promised, { $promised }. We do not want to name a date that we may not keep. Your report stays open, and we will tell you about every step.

ombudsman = If you feel that you are not served as you should be, you have the right to turn to { $ombudsman }. Please name this ticket number.

closed-silence = We have closed report { $ticket }: { $days } working days have passed since it was completed, and we have not heard from you.

    Is it not settled after all? Type NOT DONE { $ticket }, and we will open it again.

state-belum_terverifikasi = waiting to be checked
state-terdisposisi = passed on to the agency
state-proses = being handled
state-selesai = completed
state-tunda = on hold
state-arsip = archived

day = { $weekday }, { $date }
weekday-1 = Monday
weekday-2 = Tuesday
weekday-3 = Wednesday
weekday-4 = Thursday
weekday-5 = Friday
weekday-6 = Saturday
weekday-7 = Sunday

channel-telegram = Telegram
channel-line = LINE
channel-twitter = X
channel-messenger = Messenger

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
choice-time = The time
choice-help = Help
choice-status = Status
choice-id = Bahasa Indonesia
choice-en = English
choice-dont-know = I don't know
choice-anonim = Anonymous
choice-rahasia = Confidential
choice-named = With my name
choice-my-reports = My reports
choice-resend = Send again
choice-add = Add
choice-follow = Follow
choice-unfollow = Unfollow
choice-link = Link account
choice-done = Done
choice-not-done = Not yet
choice-stop = Stop
choice-resume = Resume news
choice-show-data = Show my data
choice-erase-data = Erase my data
choice-new = New report
choice-complaint = Complaint
choice-aspiration = Suggestion
choice-question = Question
choice-human = Officer
choice-privacy = Who sees it?
choice-public = Not confidential
choice-who = Who is this?
choice-noted = Understood
choice-bot = Back to the bot
choice-cancel-surely = Yes, withdraw it
choice-erase-data-surely = Yes, erase it
