package io.fkvs.load;

import io.fkvs.load.dialect.Operation;
import java.util.Locale;

/**
 * What share of the requests does what.
 *
 * @param main the operation of the requests that are not GETs, or of all
 * @param readShare how many of the requests are GETs instead, 0 to 1
 */
public record Mix(Operation main, double readShare) {
  /** Checks the range. */
  public Mix {
    if (!(readShare >= 0 && readShare <= 1)) {
      throw new IllegalArgumentException("read share is out of range: readShare=" + readShare);
    }
  }

  /**
   * One operation alone.
   *
   * @param operation which
   * @return the mix
   */
  public static Mix only(Operation operation) {
    return new Mix(operation, 0);
  }

  /**
   * GETs and SETs.
   *
   * @param readShare how many of the requests are GETs, 0 to 1
   * @return the mix
   */
  public static Mix reads(double readShare) {
    return new Mix(Operation.SET, readShare);
  }

  /** Whether all requests are alike. */
  boolean single() {
    return readShare == 0;
  }

  @Override
  public String toString() {
    String name = main.name().toLowerCase(Locale.ROOT);
    return single() ? name : String.format("%.0f %% get, the rest %s", readShare * 100, name);
  }
}
