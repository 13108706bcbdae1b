/** A provider of JCache (JSR 107): caches whose entries lie in concurrent stores. */
@SuppressWarnings({
  "requires-automatic",
  "requires-transitive-automatic"
}) // its jar names no module
module io.fkvs.store.jcache {
  requires transitive cache.api;
  requires transitive io.fkvs.store;
  requires java.management;

  exports io.fkvs.store.jcache;

  provides javax.cache.spi.CachingProvider with
      io.fkvs.store.jcache.FkvsCachingProvider;
}
