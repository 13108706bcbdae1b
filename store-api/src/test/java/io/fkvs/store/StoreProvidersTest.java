package io.fkvs.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Providers are found through the thread's class loader, so each test sets one of its own. */
class StoreProvidersTest {
  private final ClassLoader loaderBefore = Thread.currentThread().getContextClassLoader();
  @TempDir Path folder;

  /** The table of a low rank. */
  public static final class Low implements StoreProvider {
    @Override
    public String name() {
      return "low";
    }

    @Override
    public int rank() {
      return -5;
    }

    @Override
    public Store open(StoreConfig config) {
      return new SimpleStore(config);
    }
  }

  /** The table of a high rank, which obeys no configuration. */
  public static final class High implements StoreProvider {
    @Override
    public String name() {
      return "high";
    }

    @Override
    public int rank() {
      return 5;
    }

    @Override
    public Store open(StoreConfig config) {
      throw new IllegalArgumentException("table cannot obey: maxBytes=" + config.maxBytes());
    }
  }

  private void install(Class<?>... providers) throws IOException {
    StringBuilder names = new StringBuilder();
    for (Class<?> provider : providers) {
      names.append(provider.getName()).append('\n');
    }
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.writeString(services.resolve(StoreProvider.class.getName()), names);
    URL[] urls = {folder.toUri().toURL()};
    Thread.currentThread().setContextClassLoader(new URLClassLoader(urls, loaderBefore));
  }

  @AfterEach
  void restoreTheLoader() throws IOException {
    if (Thread.currentThread().getContextClassLoader() instanceof URLClassLoader loader
        && loader != loaderBefore) {
      loader.close();
    }
    Thread.currentThread().setContextClassLoader(loaderBefore);
  }

  @Test
  void shouldSayWhatToAddWhenNoTableIsInstalled() {
    IllegalStateException e = assertThrows(IllegalStateException.class, Store::open);
    assertEquals(
        "no store table on the class path or module path: add fkvs-store-swiss", e.getMessage());
  }

  @Test
  void shouldNameTheTablesThereAreWhenThereIsNoSuchTable() throws IOException {
    install(Low.class, High.class);
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> Store.open("other", StoreConfig.defaults()));
    assertEquals("no such store table: name=other, available=[high, low]", e.getMessage());
  }

  @Test
  void shouldOpenTheTableOfThatName() throws IOException {
    install(High.class, Low.class);
    try (Store store = Store.open("low", StoreConfig.defaults())) {
      assertEquals(0, store.size());
    }
  }

  @Test
  void shouldPreferTheHighestRankAndPassItsRefusalOn() throws IOException {
    install(Low.class, High.class);
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, Store::open);
    assertEquals("table cannot obey: maxBytes=9223372036854775807", e.getMessage());
  }

  @Test
  void shouldRefuseExpiryAfterAccessWhereTheTableCannot() throws IOException {
    install(Low.class);
    StoreConfig config = StoreConfig.defaults().withExpiryAfterAccess(Duration.ofSeconds(1));
    String message = "table cannot let entries expire after access: table=low";
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> Store.open(config)).getMessage());
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> ConcurrentStore.open("low", config, 4))
            .getMessage());
  }

  @Test
  void shouldRefuseNulls() throws IOException {
    install(Low.class);
    assertThrows(NullPointerException.class, () -> Store.open((StoreConfig) null));
    assertThrows(NullPointerException.class, () -> Store.open(null, StoreConfig.defaults()));
    assertThrows(NullPointerException.class, () -> Store.open("low", null));
  }
}
