package io.fkvs.store.contract;

import java.util.Map;

/**
 * An expected answer that chance decides: one of these entries, with its key, or null where there
 * is none.
 *
 * @param entries what may be chosen
 */
record OneOf(Map<Key, Entry> entries) {
  boolean allows(Object answer) {
    return answer == null ? entries.isEmpty() : entries.entrySet().contains(answer);
  }

  @Override
  public String toString() {
    return "one of " + entries.size() + " entries";
  }
}
