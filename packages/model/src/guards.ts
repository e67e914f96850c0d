/** What a protective line protects, then the invariants (`facts/reliability.md` 3.4) that it serves. */
type Sentence = readonly [protects: string, ...invariants: readonly number[]];

/** Every protective line there is, by its name (decision 33). The sentence says what is never to happen; no bundle holds this list. */
export const guards = {
  // Control: holds, leases, budgets.
  "hold at the verdict": ["While a person holds the service, the verdict is to leave it alone.", 12, 13],
  "hold at the grant": ["No lease is granted inside a hold.", 12, 13],
  "hold before every effect": ["A hold that comes between two effects stops the second.", 12, 13],
  "one lease holder": ["Nobody gets a lease on a service that somebody else works on.", 10],
  "epoch rises with every lease": ["Two grants never carry the same fencing epoch.", 9],
  "lease is ours before every effect": ["An effect is made only under the lease, and the epoch, that it was granted.", 9, 10],
  "lease is not over before every effect": ["An effect is not made under a lease that ran out.", 9, 10],
  breaker: ["When several groups want a rollback at once, the cause is shared and none is rolled back by itself.", 11],
  "account budget": ["No more automatic changes in the account than the budget allows.", 11],
  "service budget": ["No second automatic rollback of a service within the cool-down.", 4],
  "no automatic rollback by config": ["A budget of no rollback per deployment is obeyed.", 1, 11],
  "control row is as it was read": ["Leases, holds and budgets are written only over the row that was read.", 9, 10, 11],

  // One effect: recorded, looked at, counted.
  "intent before the call": ["What will be sent is on record before it is sent.", 15, 18],
  "outcome after the call": ["Every intent gets its outcome.", 16],
  "world is as planned before the call": ["A call is not made when looking again shows another world.", 3],
  "done already is not done again": ["A call whose effect stands already is not made.", 1, 14],
  "refusal is not repeated": ["A call that was refused for good is not made again.", 11],
  "lost answer is looked for": ["After lost answers the world is looked at once more before anything is said.", 16],
  "lost answer is unknown": ["An answer that stayed lost is called unknown, not failed.", 16],
  "plan's deployment is still the newest": ["Nothing is put back over a deployment that the plan was not made for.", 3],
  "put back already": ["A service that runs the plan's target is not deployed again.", 1, 14],

  // Consent.
  "approval is for this very plan": ["A word given to another plan of the same name is no word.", 34],
  "shadow only tells": ["In shadow mode the verdict to roll back is told, never carried out.", 33],
  "shadow asks nobody": ["In shadow mode a question is told, never asked.", 33],
  "approval is asked once": ["A plan that was answered cannot be asked anew under its name.", 34],
  "approval is single use": ["A plan is answered once.", 34],
  "approval is bound to its hash": ["A word is taken only for the plan whose hash it names.", 34],
  "approval expires": ["A word after the deadline is not taken.", 34],

  // Worker scaling, as it is carried out.
  "late look is dropped": ["A look that was due before another one began is not made.", 21],
  "who still takes work is not empty": ["A worker that did not say that it takes no more work is never counted as empty.", 8],
  "others are protected before the count falls": ["The count is not lowered unless every worker that stays is protected.", 8],
  "count is as it was seen": ["The desired count is not changed over one that somebody else set meanwhile.", 3],
  "no scale-in during a deployment": ["The count is not lowered while the service is being deployed.", 8, 10],
  "no scaling without the word that is asked for": ["In ask mode nothing is added or drained that nobody said yes to.", 33, 34],

  // What people ask for.
  "role is held": ["A command of somebody without the role changes nothing.", 33],
  "stranger is refused": ["A guest, another workspace or another app changes nothing.", 33, 35],
  "expired plan is refused": ["A plan that expired is not answered.", 34],
  "requester is not the second of two": ["Who asked for a dangerous plan is not its second yes.", 33],
  "a hold is released by its holder": ["A person's hold is not released by anybody but an owner.", 12],
  "a team of one waits": ["A lone person confirms a dangerous plan twice, ten minutes apart.", 33],
  "dry run changes nothing": ["A dry run makes no call that changes anything.", 33],
  "request is carried out once": ["A request that comes twice is carried out by one.", 35],
  "plan belongs to its incident": ["A button that names another incident than its plan is refused.", 34],
  "stored plan is the approved one": ["A stored plan whose hash was not approved is not carried out.", 34],
  "preconditions are as they were": ["A plan is not carried out over a world that changed since.", 5, 34],

  // Which deployments are watched.
  "own rollback is not watched": ["A deployment that our rollback made is never judged.", 4],
  "no watch while we roll back": ["A deployment that begins under our rollback's lease opens no watch.", 4, 10],
  "deployment is watched once": ["A second event of the same deployment opens no second watch.", 1, 21],
  "stale event starts nothing": ["An event of more than an hour ago starts no watch.", 5, 22],
  "late event supersedes nothing": ["An event older than the open watch does not end it.", 3, 22],
  "execution is started once": ["A second start under the same work's key finds the first.", 1, 21],
  "watch row is as it was read": ["Of two that open, join or close a watch at once, one wins.", 10, 21],
  "only our own watch is closed": ["An execution that was superseded does not close its successor's watch.", 10],
  "own account and region": ["An event of another account or region starts nothing.", 6],
  "dead letter": ["An event that nobody can read is kept with its error.", 23],

  // May we act on this service now?
  "superseded watch stops": ["An execution whose watch somebody else took over acts no more.", 3, 10],
  "yield to ECS": ["What ECS rolls back by itself is not rolled back by us.", 1],
  "yield to a person": ["A deployment that somebody stopped is left to that person.", 1],
  "newer deployment at the verdict": ["A deployment that is no longer the newest is not judged.", 3],
  "unsupported deployments": ["Deployments that do not roll, or belong to another controller, are explained and left alone.", 2],
  "native grace": ["ECS gets its time to roll back by itself first.", 1],
  "blindness is no pass": ["A watch that could not see at its end does not pass the deployment.", 42],
  "no traffic is no pass": ["A deployment that never took traffic does not pass.", 2],
  "unread service is not acted on": ["No plan is made over a service that could not be read.", 5, 42],
  "stale description is asked again": ["A description older than the event is not taken for the newest deployment.", 3, 5],

  // Is the deployment to blame?
  "trouble elsewhere": ["A deployment is not rolled back for trouble whose cause lies elsewhere.", 6],
  "two signs that fit": ["One sign that merely fits does not blame the deployment.", 6],
  "late watch asks": ["Long after exposure, soft evidence asks a person.", 6],
  "alarm before the deployment": ["An alarm that rang before the deployment never speaks against it.", 6],
  "alarm after exposure": ["An alarm that went off before the new revision took traffic never speaks against it.", 6],
  "only ALARM rings": ["OK and INSUFFICIENT_DATA are no alarm.", 6, 42],
  "minutes after exposure": ["Figures of minutes before the new revision took traffic are not held against it.", 6],
  "finished minutes": ["A minute that is not over is not judged.", 5],
  "enough requests for a rate": ["An error rate of a handful of requests is no breach.", 6],
  "every minute over the rate": ["One bad minute among good ones is no breach.", 6],
  "enough requests for a latency": ["The latency of a handful of requests is no breach.", 6],
  "platform stops are no crashes": ["A task that the platform or a person stopped is not held against the code.", 6],
  "a crash counts once": ["One dead task seen at many looks is one crash.", 21],
  "a minute counts once": ["One minute seen at many looks is tallied once.", 21],
  "what was not deployed proves nothing": ["Trouble of a member that nobody deployed is soft evidence.", 6],
  "over watch is over": ["Nothing triggers after the watch's last minute.", 6],
  "blind look judges nothing": ["What was seen before a failed look is not judged at it.", 5, 42],

  // Where to go back to.
  "somewhere to go": ["Without a known good revision nothing is rolled back by itself.", 2],
  "rollback that changes nothing": ["No rollback to the very bytes and settings that run.", 2],
  "same bytes again": ["A redeploy of what ran well is not rolled back.", 2],
  "only what was deployed moves": ["A member that nobody deployed stays, unless its group was good together.", 2],
  "stop leads to the candidate": ["A deployment is stopped only if ECS then returns to the chosen revision.", 2],
  "image is there": ["Nothing goes back to a revision whose image is gone.", 2],
  "only good is gone back to": ["By itself, nothing goes back to a revision that never proved itself.", 2],
  "bytes are known": ["Nothing goes back to a tag that may have moved.", 2],
  "settings are the same": ["A task definition is not put back when the service's settings changed with it.", 2],
  "schema fits": ["Old code does not meet a schema that it does not know.", 2],
  "good is forgotten": ["A revision that was good long ago is no longer known good.", 2],
  "ringing alarm at bootstrap": ["What ran while an alarm rang is not taken as good at the first watch.", 2],
  "known-bad is blocked": ["Bytes that were rolled back are blocked where the team wants it.", 2],
  "a copy is registered once": ["The same pinned copy is not registered twice.", 14],
  "only settled bytes are remembered": ["A revision whose digests are not known is neither remembered nor graded.", 2],
  "bad stays bad": ["Having run for a day makes nothing good again that was bad or suspect.", 2],
  "revision is entered once": ["Seeing a revision again changes nothing of what is known of it.", 2],
  "newer grade stands": ["An older grading never replaces a newer one.", 2],
  "graded revision exists": ["Only a revision that was seen is pinned.", 2],
  "good tuple is added once": ["The same set that was good together is one row.", 2],

  // Did it help?
  "bytes are verified": ["Nothing is called restored before the good digests serve alone.", 2, 20],
  "trigger is clear": ["Nothing is called restored before what breached is over.", 20],
  "overtaken rollback": ["A rollback that a newer deployment overtook is not called restored.", 3, 20],
  "ECS's own failure": ["A rollback that ECS calls failed is not called restored.", 20],
  "only a finished rollback is graded": ["A rollback that failed or was overtaken teaches nothing about its revision.", 2],
  "only a rollback that helped marks bad": ["A revision is known-bad only if going back from it helped.", 2],

  // The ledger's other rows.
  "audit is append-only": ["A record of the audit is never written over.", 17],
  "audit record is kept once": ["The same record is not appended twice.", 16, 17],
  "work is claimed once": ["One piece of work has one worker.", 21, 41],
  "late alarm changes nothing": ["An alarm's older state never replaces a newer one.", 22],
  "change note is kept once": ["A note that comes twice is one note.", 21],

  // Scaling: the scaler's own rows, and what ECS confirms.
  "scaling state is as it was read": ["Of two looks at one service at once, one acts.", 8, 10],
  "scaling decision is kept once": ["A decision that is recorded again stays as it was.", 17],
  "protection is confirmed": ["Nothing counts as protected that ECS did not tell as protected.", 8],

  // Telling.
  "incident opens once": ["Opening an incident again changes nothing of it.", 21, 22],
  "acknowledged once": ["Of two who acknowledge, the first has the incident.", 21, 22],
  "newest alarm state wins": ["An alarm's older state never replaces a newer one in an incident.", 21, 22],
  "symptoms are muted": ["While a cause rings, its symptoms are a count and no notice.", 24],
  "closed and merged are final": ["What was closed or merged is not opened, acknowledged or resolved again.", 22],
  "nothing is resolved while an alarm rings": ["An automation's word ends no incident whose alarms still ring.", 20],
  "a person's severity stands": ["An automatic sign that is older than a person's severity does not change it.", 22],
  "late alarm reopens nothing": ["An ALARM that is older than the end of its incident does not open it again.", 22],
  "a group has one incident": ["Of two that open an incident for one group at once, one does.", 21, 24],
  "silenced alarms open nothing": ["What a person silenced, or what rings in a maintenance window, opens no incident.", 24],
  "line is said once": ["A line of an incident that is said again stays as it was.", 19],
  "one incident a group": ["Of two that open an incident for one group, one wins.", 22, 24],
  "alarms are as they were read": ["Alarms of an incident are written only over the shard that was read.", 21, 22, 24],
  "silence is set once": ["A silence that is set again stays as it was.", 41],
  "silence ends once": ["A silence that ended is not made longer by ending it again.", 41],
  "hand-over is entered once": ["A hand-over that is entered again stays as it was.", 41],
  "plan is kept once": ["A plan never changes under its id.", 34],
  "request is taken once": ["A request from Slack is good once.", 35],
  "request is signed by Slack": ["What Slack did not sign has no effect.", 33, 35],
  "request is fresh": ["A request from Slack that is more than five minutes off is refused.", 35],
  "request is of our workspace and app": ["Another workspace or app asks for nothing.", 33],
  "guests ask for nothing": ["A person of another workspace, in a shared channel, asks for nothing.", 33],
  "form is checked again": ["A form that was sent with a wrong field does nothing.", 33],
  "two yeses are of two people": ["One person's two clicks are not two people's word.", 33],
  "every yes is counted": ["Of two yeses at once none is lost.", 33, 34],
  "send budget is as it was read": ["What was sent is counted even when two count at once.", 24],
  "only what was begun is settled": ["A message is settled only by who began it last: nobody else calls it sent, refused or parked.", 19],
  "one thread an incident": ["An incident has one thread.", 19, 24],
  "line is sent once": ["A line that was sent is not sent again.", 19],
  "lost message is looked for": ["A line that may have been sent is looked for before it is sent again.", 19],
  "two looks before it is sent again": ["A lost message that is not seen at the first look is looked for once more before it is sent again.", 19],
  "post budget is kept": ["A channel gets one message a second at most.", 24],
  "update budget is kept": ["Headers change no more often than the workspace's limit allows.", 24],
  "channel is left alone while it refuses": ["A channel that refused is not written to before its time.", 24],
  "storm is told at a reader's pace": ["However much happens, an incident's thread grows at a pace that can be read.", 24],
  "deleted header comes back once": ["A header that a person deleted twice stays deleted.", 24],
  "header is refreshed once": ["A header that shows the state is not written again.", 19],
  "picture is shown at most once": ["A chart stands in a thread once.", 19],
  "bulletin is posted once": ["A digest or report stands in its channel once.", 19],
  "nobody is woken for what is being done": ["While an automation works on a partial outage and asks for nobody, nobody is paged.", 24],
  "page once": ["A state of an incident is paged once.", 19],
  "fallback when Slack is down": ["What is urgent goes by SNS when Slack does not take it.", 25],
  "sent stays sent": ["A slower sender does not mark a sent line as unsent.", 19],

  // War rooms.
  "silence expires": ["A silence ends by itself; nothing stays quiet because somebody forgot.", 23],
  "first notice waits for the group": ["Alarms of one failure are one notice.", 24],
  "summaries are paced": ["A storm is summed up, not repeated.", 24],
  "acknowledged is not paged": ["Nobody is called about what somebody has.", 19],
  "nobody is paged after the end": ["Nobody is called about what is over.", 19],
  "tier is told once": ["A tier is called once, until somebody had the incident and let it go.", 19],
  "everybody is called once": ["The whole channel is called once.", 19],
  "call is made once": ["A call whose proof stands is not made again.", 19],
  "work under way keeps it open": ["Nothing is called over while an automation works on it.", 20],
  "open question keeps it open": ["Nothing is called over while a plan waits for a person's word.", 20],
  "a person's reopening stands": ["What a person opened again is not called over by alarms that were quiet all along.", 20],
  "execution hands over in time": ["No execution outgrows what the durable service keeps.", 39],
  "a room that lives is not doubled": ["A war room that shows signs of life is not started beside itself.", 19],
  "no word is lost before a wait": ["What changes between a look and a wait wakes the room at once.", 19],
  "quiet for long enough": ["Nothing is called over before its alarms stayed quiet.", 20],
  "no data is no end": ["An alarm that rang and has no data is not taken for clear as soon as one that is OK.", 20, 42],
  "merging ends nothing": ["An incident that runs does not become part of one that is over.", 23],
  "what rings is not over": ["What was ended while an alarm was on its way to us is opened again.", 20, 23],

  // Worker scaling.
  "unknown broker is left alone": ["Nobody is added or taken away while nobody knows what waits.", 5, 7],
  "contradicted look is left alone": ["A look that cannot be true beside the last one changes nothing.", 5, 7],
  "two looks agree before anything is done": ["After the dark, nothing is changed at the first look that sees again.", 5, 7],
  "doubted look takes nobody away": ["Nobody is taken away by a look that doubts itself.", 7, 8],
  "hold before scaling": ["While a person holds the service, its workers are neither added nor taken away.", 12, 13],
  "scaler yields to a rollback": ["While a rollback works on the service, its workers are neither added nor taken away.", 10],
  "scaler yields to a rival": ["Two scalers never pull at one service.", 10],
  "no scale-in while deploying": ["Nobody is taken away while a deployment runs.", 10],
  "desired count stays in its bounds": ["The count never leaves the range that the settings or a person's order give.", 7],
  "step is bounded": ["One decision changes the count by no more than the settings allow.", 7],
  "changes an hour are bounded": ["The count changes no more often in an hour than the settings allow.", 11],
  "only empty workers are given up": ["The count falls only by workers that hold no task.", 8],
  "empty is seen after the drain": ["A worker is empty only by what it said after it was told to take no more.", 8],
  "all others are protected": ["While the count falls, ECS may stop nobody but those that were found empty.", 8],
  "victims that stayed count again": ["A drained worker that ECS did not stop counts again before the others are unprotected.", 8],
  "no scale-in while the queue ages": ["Nobody is taken away while the oldest task waits longer and longer.", 8],
  "cool-down before a scale-in": ["A scale-in leaves the last change its time.", 8],
  "wrong victim is told": ["A scale-in that stopped another than the drained is told.", 8, 16],
  "saturation adds nobody": ["Workers are not added to a bottleneck that is elsewhere.", 7],

  // Text.
  "Slack text is escaped": ["Foreign text makes no mention and no link in Slack.", 36],
  "broadcast words are quiet": ["Foreign text calls nobody in Slack.", 36],
  "hidden characters are removed": ["Text in Slack reads as what it says.", 36],
  "secrets are redacted": ["Keys, tokens, passwords and addresses leave no log.", 37],
  "partial answer is no absence": ["What AWS could not describe is not taken for gone.", 42],
} as const satisfies Readonly<Record<string, Sentence>>;

/** A protective line's name; one that is not in the list does not type-check. */
export type GuardName = keyof typeof guards;

/**
 * Marks a protective line: `bites` is the condition under which something must not happen, and is what comes back.
 * Always this way round, so that a guard that is switched off (in the lab only, see `guards.lab.ts`) never bites.
 * Where the compiler needs the condition itself: `condition && guard("name")`.
 */
export const guard = (_name: GuardName, bites = true): boolean => bites;

/** Marks a protection that is a value (a condition of a write): what comes back, or nothing when it is switched off. */
export const guarded = <T>(_name: GuardName, protection: T): T | undefined => protection;
