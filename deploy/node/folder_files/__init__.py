"""Files of work folders on this machine: listings, archives, snapshots, restores.

A snapshot is a copy, file by file, in a store on the machine's own disk; a file that did not change
since the snapshot before is a hard link to that one's copy. No writer is stopped for it
(docs/decisions/0027-snapshots.md).

Programs of the environment change the folder meanwhile and are not trusted: every path is opened
part by part without following links (`tree`), so that nothing outside it is read or written.
"""
