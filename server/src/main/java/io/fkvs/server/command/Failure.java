package io.fkvs.server.command;

/** Why a request was refused. Classic says only that it was; a protocol may say more. */
enum Failure {
  MALFORMED,
  UNKNOWN_COMMAND,
  NOT_AN_INTEGER,
  OVERFLOW,
  TOO_LARGE,
  STORE_FULL,
  INTERNAL,
  NOT_AUTHENTICATED,
  WRONG_PASSWORD,
  NO_PASSWORD,
  NO_MAJORITY,
  UNDECIDED
}
