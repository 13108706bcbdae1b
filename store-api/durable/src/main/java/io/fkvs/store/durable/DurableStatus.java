package io.fkvs.store.durable;

/**
 * How a store's log does, for those who watch it.
 *
 * @param sequence the last frame
 * @param durableSequence all frames up to this one are durable
 * @param backlogBytes memory that holds changes that are not written yet
 * @param logBytes about how many bytes of changes the next opening would have to do again
 * @param baseBytes the length of the last base, 0 where there is none
 * @param baseTimeMs when the last base was begun, in milliseconds since the epoch, 0 where there is
 *     none
 * @param isBaseUnderWay whether another one is being written
 * @param syncTimeMs when the last sync ended, in milliseconds since the epoch, 0 before the first
 * @param syncNanos how long it took
 */
public record DurableStatus(
    long sequence,
    long durableSequence,
    long backlogBytes,
    long logBytes,
    long baseBytes,
    long baseTimeMs,
    boolean isBaseUnderWay,
    long syncTimeMs,
    long syncNanos) {}
