/** A store that outlives its process: a log, bases and recovery under any table. */
module io.fkvs.store.durable {
  requires transitive io.fkvs.store;

  exports io.fkvs.store.durable;
}
