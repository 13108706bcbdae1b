package io.fkvs.server.protocol;

/** Why a server that replicates its store does not carry a request out. */
public enum Refusal {
  /** No majority of the cluster answers; nothing was changed. */
  NO_MAJORITY,

  /** A majority of the cluster did not answer in time: the request may still be carried out. */
  UNDECIDED,

  /** The request is longer than the servers of a cluster can agree on; nothing was changed. */
  TOO_LARGE,

  /** The store has no memory left for more. */
  STORE_FULL
}
