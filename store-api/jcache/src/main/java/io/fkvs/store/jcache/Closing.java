package io.fkvs.store.jcache;

import java.io.Closeable;
import java.io.IOException;

/** Closes what the user has given to a cache, where it can be closed. */
final class Closing {
  private static final System.Logger LOG = System.getLogger("io.fkvs.store.jcache");

  private Closing() {}

  /** Closes an object if it is {@link Closeable}; what it throws is logged. */
  static void close(Object object) {
    if (object instanceof Closeable closeable) {
      try {
        closeable.close();
      } catch (IOException | RuntimeException e) {
        LOG.log(System.Logger.Level.WARNING, "cannot be closed: class=" + object.getClass(), e);
      }
    }
  }
}
