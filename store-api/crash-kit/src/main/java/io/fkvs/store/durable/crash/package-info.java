/**
 * Proves what a durable store promises. {@link io.fkvs.store.durable.crash.SimulatedDisk} keeps
 * what was synced and loses, tears and reorders the rest when it crashes; {@link
 * io.fkvs.store.durable.crash.CrashContract} plays random scripts on a store with such a disk, lets
 * it crash anywhere and compares what comes back with what was done.
 */
package io.fkvs.store.durable.crash;
