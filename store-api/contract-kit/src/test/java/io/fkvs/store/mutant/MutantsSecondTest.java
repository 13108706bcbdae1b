package io.fkvs.store.mutant;

/** The other half of the stores. */
final class MutantsSecondTest extends MutantsTest {}
