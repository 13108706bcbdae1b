package io.fkvs.store;

/** When a put is to take effect. An expired entry counts as absent. */
public enum PutCondition {
  /** Whether or not the key is present. */
  ALWAYS,

  /** Only where the key is absent. */
  IF_ABSENT,

  /** Only where the key is present. */
  IF_PRESENT;

  /**
   * Decides for a key.
   *
   * @param present whether the key is in the store and has not expired
   * @return whether the put takes effect
   */
  public boolean allows(boolean present) {
    return this == ALWAYS || present == (this == IF_PRESENT);
  }
}
