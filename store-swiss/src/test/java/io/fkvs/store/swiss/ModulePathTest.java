package io.fkvs.store.swiss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.fkvs.store.StoreProvider;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The tests run on the class path; this one puts the same classes on a module path. */
class ModulePathTest {
  @Test
  void shouldBeFoundAsAServiceAndExportNothingWhenOnTheModulePath() throws Exception {
    ModuleFinder modules =
        ModuleFinder.of(locationOf(SwissStoreProvider.class), locationOf(StoreProvider.class));
    ModuleLayer boot = ModuleLayer.boot();
    Configuration configuration =
        boot.configuration()
            .resolveAndBind(modules, ModuleFinder.of(), Set.of("io.fkvs.store.swiss"));
    ModuleLayer layer =
        boot.defineModulesWithOneLoader(configuration, ClassLoader.getPlatformClassLoader());

    Class<?> service = layer.findLoader("io.fkvs.store").loadClass(StoreProvider.class.getName());
    List<?> providers =
        ServiceLoader.load(layer, service).stream().map(ServiceLoader.Provider::get).toList();

    assertEquals(1, providers.size());
    Module module = providers.getFirst().getClass().getModule();
    assertEquals("io.fkvs.store.swiss", module.getName());
    assertFalse(module.isExported("io.fkvs.store.swiss"));
    assertEquals("swiss", service.getMethod("name").invoke(providers.getFirst()));
  }

  private static Path locationOf(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }
}
