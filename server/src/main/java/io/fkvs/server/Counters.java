package io.fkvs.server;

/** What the server counts since it started. Plain fields of the event loop's thread. */
final class Counters {
  long connections;
  long refusedConnections;
  long droppedConnections;
  long foreignConnections;
  long requests;
  long errors;
  long batches;
  long hits;
  long misses;
  long sweptKeys;
  long receivedBytes;
  long sentBytes;
}
