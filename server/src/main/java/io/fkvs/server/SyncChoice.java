package io.fkvs.server;

import io.fkvs.store.durable.SyncPolicy;
import java.util.Arrays;
import java.util.List;

/** When a {@link Server} with a data directory syncs, and so what a power failure can cost. */
public enum SyncChoice {
  /** Before a reply leaves: nothing that was answered is lost. */
  ALWAYS("always", SyncPolicy.ALWAYS),

  /** Every second: a power failure costs at most two seconds. */
  EVERY_SECOND("everysec", SyncPolicy.EVERY_SECOND),

  /** When the system likes to, and when the server stops. */
  NEVER("no", SyncPolicy.NEVER);

  private final String text;
  private final SyncPolicy policy;

  SyncChoice(String text, SyncPolicy policy) {
    this.text = text;
    this.policy = policy;
  }

  /**
   * Finds a choice by its name.
   *
   * @param name {@code always}, {@code everysec} or {@code no}
   * @return the choice
   * @throws IllegalArgumentException if there is no such name; the message lists them
   */
  public static SyncChoice of(String name) {
    for (SyncChoice choice : values()) {
      if (choice.text.equals(name)) {
        return choice;
      }
    }
    List<String> names = Arrays.stream(values()).map(SyncChoice::toString).toList();
    throw new IllegalArgumentException("no such sync: name=" + name + ", available=" + names);
  }

  SyncPolicy policy() {
    return policy;
  }

  @Override
  public String toString() {
    return text;
  }
}
