package io.fkvs.store.durable.crash;

import io.fkvs.store.durable.SyncPolicy;
import java.util.List;

/**
 * From one opening to a crash.
 *
 * @param policy when the store syncs
 * @param steps what is done
 * @param changes after how many changes of the disk it crashes, if not at the end of the steps
 * @param seed chooses among what can be there after the crash
 * @param clockBackMs how far the clock goes back meanwhile
 */
record Life(SyncPolicy policy, List<Step> steps, int changes, long seed, long clockBackMs) {}
