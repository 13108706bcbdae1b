package io.fkvs.server.resp;

/** There is one database: 0. */
final class Databases {
  private Databases() {}

  /** Says whether an argument is the number of the only one; if not, says so to the client. */
  static boolean isOnlyOne(Call call, int index) {
    if (!call.readIntegerOrFail(index)) {
      return false;
    }
    if (call.integer != (int) call.integer) {
      return !call.fail(
          "ERR value is out of range, value must between "
              + Integer.MIN_VALUE
              + " and "
              + Integer.MAX_VALUE);
    }
    return call.integer == 0 || !call.fail(Errors.DB_INDEX);
  }
}
