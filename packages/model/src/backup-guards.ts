/** What a protective line protects, then the invariants (`facts/reliability.md` 3.4) that it serves. */
export type Sentence = readonly [protects: string, ...invariants: readonly number[]];

/** The protective lines of backups, by their names: part of `guards`. */
export const backupGuards = {
  // Backups.
  "one backup of a database at a time": ["Two backups of one database never run beside each other.", 41],
  "backup lets a deployment pass": ["A backup that holds locks on tables does not begin while a deployment may migrate them.", 10],
  "a backup yields to who waits for it": ["A backup that stands in somebody's way for longer than it may lets go of everything.", 10],
  "a backup that lost rows is suspect": ["A backup that lost more of a table's rows than it may since the last one is not called verified.", 29],
  "a backup of old rows is suspect": ["A backup whose newest rows are older than they may be is not called verified.", 29],
  "a run that died is no backup": ["A run that ended without a word is never taken for a backup.", 29],
  "only what was compared is proven": ["Nothing is called proven that was not restored and compared without a difference by a verifier that can fail.", 29],
  "late night is told": ["A night that did not come to its end in time is told, also if nothing ever started it.", 32],
  "no word is not good news": ["A night is not called fresh because its rows could not be read.", 32, 42],
  "quota leaves room": ["No snapshot is asked for that the account has no room for.", 11],
  "one drill at a time": ["Two drill instances never stand beside each other.", 30],
  "drill costs no more than allowed": ["No instance is made for a drill whose cost nobody allowed, or nobody knows.", 11],
  "drill has its own name": ["What is restored for a proof never has the name of what it was restored from.", 30],
  "only expired drills are swept": ["The sweep deletes nothing but drill instances of ours whose time is over.", 30, 31],
  "restore never goes over what runs": ["A restore makes something new and never replaces what runs.", 30],
  "safety backup before a restore": ["Nothing is restored before what runs was saved.", 27],
  "stopped pruning deletes nothing": ["A plan that was stopped deletes nothing.", 27],
  "deletion is on record first": ["What will be deleted and why is on record before it is.", 15, 27],
  "used backup is not pruned": ["A backup that a restore reads from is not deleted under it.", 27],

  // Which backups go.
  "only verified backups count": ["A backup that nobody compared replaces none and keeps no floor.", 27],
  "age is counted from the newest verified": ["However many nights fail, what is proven does not grow old.", 27, 28],
  "newest verified backups stay": ["The newest verified backups are never removed.", 27],
  "never the last verified backup": ["No plan removes every verified backup.", 27],
  "nothing goes before something is verified": ["While no backup is verified, none is removed.", 27],
  "unproven backups wait for a proven one": ["A backup that is not proven yet stays until a proven one supersedes it.", 27],
  "an empty policy removes nothing": ["A policy that keeps nothing is a mistake.", 27, 28],
  "no pruning while clocks differ": ["Nothing is removed while our clock and the store's differ.", 27, 28, 38],
  "no pruning while a backup is ahead": ["Nothing is removed while a backup says that it comes from the future.", 27, 28, 38],
  "no pruning while a backup is suspect": ["Nothing is removed until somebody looked at a backup whose contents look wrong.", 27],
  "a backup of another time is doubted": ["A backup whose contents are of another day than its schedule stands for no day, and is not removed.", 28],
  "a backup that is told twice is doubted": ["A backup that is told in two ways counts nowhere, and is not removed.", 27, 28],
  "locked backup stays": ["What is locked is not removed.", 27],
  "pinned backup stays": ["What a restore or a person needs is not removed.", 27],
  "newest copy elsewhere stays": ["The newest copy in another region is not removed.", 27],
  "removals are bounded": ["One run removes only so many.", 11, 27],

  // What adapters refuse.
  "backup row is as it was read": ["Of two that write a backup's row at once, one wins.", 10, 21],
  "only our own snapshot is deleted": ["A snapshot that somebody else took is never deleted.", 27],
  "only a database made for verification is deleted": ["No database is deleted but one that was made for verification.", 30, 31],
  "a restored database says what it is for": ["No database is made that nothing would sweep.", 30],
  "a foreign snapshot is not taken for ours": ["Another's snapshot under our name is no backup that we took.", 29],
  "a foreign database is not taken for ours": ["Another's database under our name is no restore of ours.", 30],
  "a table's backup is taken once": ["A second start of the same backup finds the first.", 21],
  "a runner is started once": ["A second start of the same run finds the first task.", 21],
  "only a canary is written to media": ["Nothing of the team's is ever written over.", 27],
  "a copy of the configuration is never written over": ["A copy that stands stays as it was.", 29],
} as const satisfies Readonly<Record<string, Sentence>>;
