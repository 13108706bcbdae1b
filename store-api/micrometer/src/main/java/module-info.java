/** Figures of stores as meters of Micrometer. */
@SuppressWarnings({
  "requires-automatic",
  "requires-transitive-automatic"
}) // its jar has no descriptor
module io.fkvs.store.micrometer {
  requires transitive io.fkvs.store;
  requires transitive micrometer.core;

  exports io.fkvs.store.micrometer;
}
