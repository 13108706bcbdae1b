package io.fkvs.store.durable.crash;

import io.fkvs.store.durable.SyncPolicy;
import java.util.List;

/**
 * From one opening to a crash.
 *
 * @param fault what happens to the disk
 * @param policy when the store syncs
 * @param steps what is done
 * @param changes after how many changes of the disk that happens, if not at the end of the steps
 * @param seed chooses among what can be there after the crash
 * @param clockBackMs how far the clock goes back meanwhile
 */
record Life(
    Fault fault, SyncPolicy policy, List<Step> steps, int changes, long seed, long clockBackMs) {
  /** What happens to a disk; in the end it crashes, but for a killed process. */
  enum Fault {
    /** It crashes. */
    CRASH,
    /** The process is killed, and the disk keeps what was written. */
    KILL,
    /** One change fails. */
    BROKEN,
    /** One change finds no room. */
    FULL
  }

  /** Whether a change of the disk fails, and the disk goes on. */
  boolean hasFailure() {
    return fault == Fault.BROKEN || fault == Fault.FULL;
  }
}
