package io.fkvs.server;

import io.fkvs.store.durable.crash.HeldDisk;

/** A disk that keeps nothing, and that stops, goes on or fails when a test says so. Any thread. */
final class ScriptedDisk extends HeldDisk {
  ScriptedDisk() {
    super(new ForgetfulDisk());
  }
}
