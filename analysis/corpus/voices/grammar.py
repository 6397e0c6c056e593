"""Closed classes of English words that tell where a clause, a noun phrase or a name ends."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """The words of a text as a set."""
    return frozenset(text.split())


PRONOUNS = words("he she they it i we you")
MASCULINE, FEMININE = frozenset(["he"]), frozenset(["she"])
DETERMINERS = words(
    "a an the this that these those his her its their our my your some many most several few all "
    "both each every another one two three four five six seven eight nine ten no any other"
)
ARTICLES = words("a an the his her its their our my")
CONJUNCTIONS = words(
    "but and or though although while whereas as because since after before when where if that "
    "which who whose whether so yet than how why what until unless once nor even"
)
SUBORDINATE = CONJUNCTIONS - {"and", "or", "but", "nor", "yet"}
PREPOSITIONS = words(
    "in on at by for from with during after before since through to of about into over under "
    "amid among between against despite following without within via per around near outside "
    "inside behind beside besides beyond across along like unlike upon off"
)
AUXILIARIES = words(
    "is are was were be been being am has have had having do does did will would can could may "
    "might must shall should 's 're 've 'll 'd isn't aren't wasn't weren't hasn't haven't hadn't "
    "doesn't don't didn't won't wouldn't can't cannot couldn't shouldn't mustn't it's he's she's "
    "that's there's they're we're you're i'm they've we've i've they'll he'll she'll we'll i'll "
    "it'll they'd he'd she'd we'd i'd you've ain't you'll there're what's who's"
)
BE = words("is are was were be been being am isn't aren't wasn't weren't")
NEGATIONS = words(
    "not never didn't doesn't don't hasn't haven't hadn't won't wouldn't can't cannot couldn't "
    "isn't wasn't aren't weren't shouldn't nobody without neither nor"
)
REFUSALS = words(
    "declined declines decline declining refused refuses refuse refusing failed fails fail failing "
    "unable unwilling reluctant stopped wants want wanted wouldn't needs need needed hesitated "
    "hard difficult fair safe enough easy possible impossible important time reason way right "
    "ready able likely expected forced supposed allowed urged asked told had has have going "
    "invited required want hesitate much how what anything something nothing"
)
ADVERBS = words(
    "also later then now once again already just even still previously reportedly since often "
    "always almost nearly merely further first ever soon thus instead too yet and/or both all twice long though "
    "however meanwhile himself herself themselves itself publicly yesterday today tonight"
)
NOT_ADVERBS = words(
    "family italy ally reply supply assembly july daily weekly monthly emily kelly reilly sally "
    "billy molly lily beverly kimberly wally holly polly early elderly only bully anomaly "
    "melancholy jelly belly connolly donnelly haley o'reilly"
)
DAYS = words(
    "monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays "
    "thursdays fridays saturdays sundays"
)
MONTHS = words(
    "january february march april may june july august september october november december jan "
    "feb aug sept oct nov dec"
)
TIME_WORDS = DAYS | words(
    "today yesterday tonight tomorrow earlier later recently afterward afterwards now then again "
    "also simply flatly bluntly publicly repeatedly previously morning afternoon evening night "
    "ago once instead last next this early late week month year weekend only there here"
)
OBJECTS = words(
    "me us him them you reporters lawmakers senators journalists viewers investigators supporters "
    "police authorities officers voters congress jurors staff aides donors people others members "
    "parliament everyone listeners readers colleagues friends investors students detectives "
    "officials someone anyone attendees worshippers her"
)
SPEAKER_NOUNS_PLURAL = words("people men women children police")
FINITE = words(
    "wants want needs need makes make made gave gives give took takes take went goes go came comes "
    "come began begins begin got gets get knew knows know thought thinks saw sees see felt "
    "feels feel left leaves leave kept keeps keep let lets put puts ran runs run stood stands "
    "stand became becomes become brought brings bring held holds hold lost loses lose met meets "
    "meet paid pays pay set sets sent sends send told tells spoke speaks found finds showed shows "
    "show used uses use worked works work tried tries try called calls asked asks seemed seems "
    "seem helped helps help turned turns started starts start happened happens believed believes "
    "believe hoped hopes hope expected expects expect planned plans plan supported supports "
    "support opposed opposes opposes agreed agrees agree looked looks look lacked lacks lack "
    "received receives wore died dies die lived lives live won wins win fell falls fall rose rises "
    "rise grew grows grow caused causes cause led leads lead meant means mean remains remained "
    "remain continues continued continue allows allowed allow requires required require violated "
    "violates violate shot killed arrested fired attacked threatened warned warns deserve "
    "deserves deserved understood understands understand matters love loves loved like likes "
    "liked heard hears hear failed fails fail committed acted acts represents represented refused "
    "refuses followed follows provided provides created creates appeared appears opened opens "
    "broke breaks cut cuts hit hits hurt hurts drove drives walked refers entered carried "
    "stopped stops decided decides offered offers served serves faces faced changed changes "
    "increased increases dropped drops fails affects affected includes included include belongs "
    "chose chooses bought sold built wrote signed moved passed voted votes spent cost costs "
    "ended ends raised raises reached pulled pointed suffered recognized confronted exist exists "
    "existed sits lies lie reflects reflected undermines undermined amounts amounted targeted "
    "discriminated discriminates discriminate identified determined discussed recovered "
    "grants poses stifles fuels undercuts endangers responded jumped owes owed sought seeks fled"
)
NAME_PARTS = words("de van von der den la le el al bin ibn da di du dos del ben ter")
SUFFIXES = words("jr sr ii iii iv")
TITLES = words(
    "mr mrs ms miss dr sen sens rep reps gov govs gen lt col sgt capt maj adm rev det prof hon pres "
    "atty supt cmdr cpl senator representative congressman congresswoman governor mayor president "
    "secretary minister chancellor premier king queen prince princess pope justice judge sheriff "
    "chief officer deputy detective sergeant lieutenant captain colonel general major admiral "
    "commander trooper inspector director commissioner superintendent administrator chairman "
    "chairwoman chair speaker leader whip attorney prosecutor ambassador professor pastor bishop "
    "archbishop cardinal rabbi imam father sister brother sir lord lady dame councilman "
    "councilwoman councilor alderman assemblyman assemblywoman assemblymember spokesman "
    "spokeswoman spokesperson adviser advisor counsel coach editor correspondent anchor host "
    "analyst economist reverend sens former vice deputy acting then interim republican democrat "
    "democratic independent supervisor treasurer comptroller solicitor ayatollah sheikh agent "
    "marshal investigator special state nominee candidate constable undersheriff ceo principal "
    "manager strategist consultant activist coordinator counselor staff superintendent lawmaker czar officials"
)
MALE_TITLES = words(
    "mr congressman councilman chairman spokesman king prince pope sir lord father brother "
    "patrolman assemblyman alderman businessman"
)
FEMALE_TITLES = words(
    "mrs ms miss congresswoman councilwoman chairwoman spokeswoman queen princess lady dame sister "
    "assemblywoman businesswoman"
)
MALE_NOUNS = words(
    "man boy father brother son husband uncle nephew grandfather boyfriend widower mayor"
) - {"mayor"}
FEMALE_NOUNS = words(
    "woman girl mother sister daughter wife aunt niece grandmother girlfriend widow actress"
)
# First names that tell: common ones in American and British news.
MALE_NAMES = words(
    "aaron adam ahmed al alan albert alejandro alex ali andre andrew andy angel anthony antonio "
    "arthur barack ben benjamin bernie bill billy bob bobby boris brad brandon brett brian bruce "
    "bryan carl carlos chad charles charlie chris christopher chuck clarence cory craig dan "
    "daniel darrell darren dave david dean dennis derek devin dick don donald doug douglas dustin "
    "earl ed eddie edward edwin elijah elon enrique eric erik ernest eugene evan francis francisco "
    "frank fred frederick gary gavin george gerald glenn grant greg gregory harold harry hector "
    "henry herman howard ian ibrahim isaac ivan jack jacob jaime jake james jamie jared jason "
    "javier jay jeb jeff jeffrey jeh jeremy jerome jerry jesse jesus jim jimmy joaquin joe joel "
    "john johnny jon jonathan jorge jose joseph josh joshua juan julian justin karl keith ken "
    "kenneth kevin kirk kyle lamar larry lawrence lee leon leonard lindsey lloyd lou louis lucas luis "
    "malcolm manuel marc marco marcus mario mark martin marvin matt matthew max michael mick "
    "miguel mike mitch mitt mohamed mohammad mohammed muhammad nathan nathaniel neil newt nicholas "
    "nick norman oliver omar oscar patrick paul pedro pete peter phil philip phillip rafael rahm "
    "ralph ramon rand randy raul ray raymond reince rex ricardo richard rick ricky rob robert "
    "roberto rod rodney roger ron ronald ross roy rudy russell ryan salman sam samuel scott sean "
    "sergio seth shaun shawn simon stan stanley stephen steve steven steny stuart ted terry "
    "theodore thomas tim timothy todd tom tommy tony travis trey tucker tyler tyrone vernon "
    "victor vincent vladimir walter warren wayne wesley will william willie xavier zach "
    "zachary jerrold jefferson orrin darren dwight grover ruben fernando pablo hassan hussein "
    "mahmoud yusuf recep emmanuel vance gilbert micah terrel mitchell tim"
)
FEMALE_NAMES = words(
    "abigail alexandra alexandria alexis alice alicia alison allison alyssa amanda amber amy ana "
    "andrea angela angelica anita ann anna anne annie april ashley ayanna barbara beth betsy betty "
    "beverly bonnie brenda brittany camila candace carla carly carmen carol caroline carolyn carrie "
    "catherine cathy cecile charlotte cheryl christina christine cindy claire claudia condoleezza "
    "connie courtney crystal cynthia dana danielle dawn debbie deborah debra denise diana diane "
    "dianne dolores donna doris dorothy elaine eleanor elena elizabeth ellen emily emma erica erin "
    "esther eva evelyn frances gabriela gabrielle gail gina gloria grace gretchen hannah heather "
    "heidi helen hillary holly ilhan irene isabel ivanka jackie jacqueline jane janet janice "
    "jasmine jean jeanne jen jennifer jenny jessica jill joan joanna josephine joyce judith judy "
    "julia julie kamala karen karine karoline kate katherine kathleen kathryn kathy katie kayla "
    "kayleigh kellyanne kelly kim kimberly kirsten kirstjen kristen kristi kristin laura lauren "
    "leah linda lisa liz lois loretta lori louise lucy lynn madeleine marcia margaret maria marie "
    "marilyn marjorie martha mary maureen maxine megan meghan megyn melania melissa melinda "
    "michele michelle mindy miriam molly monica nancy natalie nicole nikki nina norma olivia "
    "pamela patricia patty paula peggy phyllis rachel rashida rebecca regina renee rita roberta "
    "robin rosa rose ruth samantha sandra sara sarah shannon sharon sheila shirley silvia sofia "
    "sonia sophia stacey stacy stephanie sue susan suzanne sylvia tamara tammy tara teresa "
    "theresa tiffany tina tracy tulsi valerie vanessa veronica victoria virginia vivian wendy "
    "yolanda yvette yvonne angelica greta kirsten sylvia"
)


PLACES = words(
    "street avenue road drive boulevard beach river county city garage airport bridge plaza square "
    "highway causeway harbor university college hospital center hotel theater town heights gardens "
    "bay condominium"
)
# Words for things with the endings of words for people.
_THINGS = words(
    "letter paper order number corner center tower river water power border quarter chapter answer "
    "matter paper poster banner computer newsletter article document statement agreement report "
    "garage draft list card log note permit department government parliament apartment shelter "
    "treatment payment movement document amount account event accident incident restaurant plant "
    "grant factor motor color floor door error mirror harbor labor winter summer dinner counter "
    "shower trailer container scooter boulder shoulder weather whether other another master folder "
    "ladder bumper helicopter meter theater theatre filter server router trigger cluster disaster "
    "chapter register charter roster monitor sector vector tractor reactor elevator generator "
    "complaint element moment comment argument document instrument monument settlement ordinance"
)
_PEOPLE = words(
    "cook clerk porter mechanic nurse aide chef guide guard host crew staff crowd caterer roofer "
    "plumber student youth teen teenager parent senior adult child relative native local regular "
    "volunteer recruit apprentice cashier barista sophomore alumna alumnus pilot captain sailor"
)
_ENDINGS = (
    "er",
    "or",
    "man",
    "woman",
    "ist",
    "ian",
    "ee",
    "ant",
    "eer",
    "ess",
    "ster",
    "person",
    "guard",
)


def is_human(noun: str) -> bool:
    """Whether a noun in the singular is likely one for a person: a foreman, a dental assistant."""
    return noun in _PEOPLE or (noun.endswith(_ENDINGS) and noun not in _THINGS and len(noun) > 3)


def is_adverb(word: str) -> bool:
    """Whether a word may stand between a subject and its verb."""
    return word in ADVERBS or (
        len(word) > 4 and word.endswith("ly") and word not in NOT_ADVERBS and word[0] != "@"
    )


def is_finite(word: str) -> bool:
    """Whether a word is surely or probably a finite verb."""
    return word in AUXILIARIES or word in FINITE or word.endswith("n't")
