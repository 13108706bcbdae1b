/** Records what a server answers to many clients, and checks that it is linearizable. */
module io.fkvs.history {
  requires transitive io.fkvs.client;

  exports io.fkvs.history;
}
