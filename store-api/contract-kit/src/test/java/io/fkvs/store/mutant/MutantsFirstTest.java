package io.fkvs.store.mutant;

/** The first half of the stores. */
final class MutantsFirstTest extends MutantsTest {}
