package io.fkvs.bench;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The floor plan: which module requires which, which packages a module lets others into, and which
 * package uses which. A change of the plan is a change of a table here. It stands in this module,
 * whose tests alone see all the others.
 */
class ArchitectureTest {
  /** Module: what it requires beside {@code java.base} | what it exports. */
  private static final String MODULES =
      """
      bench: |
      client: wire | client
      cluster: |
      history: client | history
      load: HdrHistogram info.picocli uring wire jdk.management | load.report
      server: store store.durable uring wire java.management jdk.httpserver jdk.management \
      org.agrona | server server.buffer server.protocol server.replication
      server.app: info.picocli client server store.durable java.logging org.jline | server.app \
      server.app.security
      server.resp: server store.durable |
      store: org.agrona | store store.agrona
      store.chained: store |
      store.contract: store net.jqwik.api org.junit.jupiter.api org.junit.platform.launcher | \
      store.contract
      store.durable: store | store.durable
      store.durable.crash: store.durable net.jqwik.api | store.durable.crash
      store.jcache: cache.api store java.management | store.jcache
      store.micrometer: store micrometer.core | store.micrometer
      store.swiss: store jdk.incubator.vector |
      uring: | uring
      wire: | wire
      """;

  /** Package: the packages of the project that it uses. */
  private static final String PACKAGES =
      """
      bench.durable: bench.table load.report store store.durable
      bench.jmh: bench.durable bench.table load.report
      bench.table: store
      client: wire
      cluster: client cluster.consensus cluster.ratis server server.app server.app.security \
      server.replication store.durable wire
      cluster.consensus:
      cluster.ratis: cluster.consensus
      history: client wire
      load: load.dialect load.transport
      load.compare: load load.dialect load.report load.transport
      load.dialect: wire
      load.report:
      load.transport: uring
      server: server.access server.buffer server.command server.gateway server.loop \
      server.metrics server.protocol server.rehearsal server.replication server.transport \
      server.transport.nio server.transport.tls server.transport.uring store store.durable uring \
      wire
      server.access: server.protocol
      server.app: server server.app.security store.durable
      server.app.cli: client server.app.security
      server.app.security:
      server.buffer: store uring
      server.command: server.buffer server.protocol store store.durable wire
      server.gateway: server.command server.protocol server.replication store store.durable wire
      server.limits:
      server.loop: server.access server.buffer server.command server.protocol server.transport store
      server.metrics:
      server.protocol: server.buffer store wire
      server.rehearsal: server.buffer server.command server.loop server.transport store wire
      server.replication:
      server.resp: server.buffer server.protocol store store.durable wire
      server.transport: server.buffer
      server.transport.nio: server.buffer server.transport
      server.transport.tls: server.buffer server.transport
      server.transport.uring: server.buffer server.transport uring
      store:
      store.agrona: store
      store.chained: store
      store.contract: store
      store.durable: store
      store.durable.crash: store store.durable
      store.jcache: store
      store.micrometer: store
      store.swiss: store
      uring:
      wire:
      """;

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.fkvs");

  private static final Map<Path, ModuleDescriptor> DESCRIPTORS = new HashMap<>();

  @Test
  void shouldRequireAndExportWhatThePlanSays() {
    Map<String, String> found = new TreeMap<>();
    for (ModuleDescriptor module : modules()) {
      found.put(module.name(), (required(module) + " | " + exported(module)).strip());
    }
    assertEquals(MODULES, lines(found));
  }

  @Test
  void shouldUseThePackagesThatThePlanSays() {
    Map<String, TreeSet<String>> found = new TreeMap<>();
    for (JavaClass user : CLASSES) {
      if (user.getPackageName().endsWith("jmh_generated")) {
        continue;
      }
      TreeSet<String> used = found.computeIfAbsent(user.getPackageName(), name -> new TreeSet<>());
      usedBy(user).map(JavaClass::getPackageName).forEach(used::add);
      used.remove(user.getPackageName());
    }
    Map<String, String> arrows = new TreeMap<>();
    found.forEach((user, used) -> arrows.put(user, String.join(" ", used)));
    assertEquals(PACKAGES, lines(arrows));
  }

  @Test
  void shouldEnterAModuleThroughWhatItExportsAlone() {
    TreeSet<String> intruders = new TreeSet<>();
    for (JavaClass user : CLASSES) {
      usedBy(user)
          .filter(used -> !isOpenTo(module(user), used))
          .forEach(used -> intruders.add(user.getName() + " uses " + used.getName()));
    }
    assertEquals(new TreeSet<>(), intruders);
  }

  @Test
  void shouldHaveNoCycleAmongPackages() {
    slices().matching("io.fkvs.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void shouldKeepOutOfUnsafe() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("sun..", "jdk.internal..")
        .check(CLASSES);
  }

  /** The classes of the project that a class depends on. */
  private static Stream<JavaClass> usedBy(JavaClass user) {
    return user.getDirectDependenciesFromSelf().stream()
        .map(dependency -> dependency.getTargetClass().getBaseComponentType())
        .filter(used -> used.getPackageName().startsWith("io.fkvs"));
  }

  private static boolean isOpenTo(ModuleDescriptor user, JavaClass used) {
    ModuleDescriptor owner = module(used);
    return owner.equals(user)
        || owner.exports().stream()
            .filter(exports -> !exports.isQualified())
            .anyMatch(exports -> exports.source().equals(used.getPackageName()));
  }

  private static List<ModuleDescriptor> modules() {
    return CLASSES.stream().map(ArchitectureTest::module).distinct().toList();
  }

  /** The module whose folder or jar holds a class. */
  private static ModuleDescriptor module(JavaClass owned) {
    String file = owned.getName().replace('.', '/') + ".class";
    String uri = owned.getSource().orElseThrow().getUri().toString();
    String root = uri.substring(0, uri.length() - file.length());
    Path location = Path.of(URI.create(root.replaceFirst("^jar:", "").replaceFirst("!/$", "")));
    return DESCRIPTORS.computeIfAbsent(location, ArchitectureTest::descriptor);
  }

  /** What has no descriptor lets nobody in. It is named as the folder in which it was built. */
  private static ModuleDescriptor descriptor(Path location) {
    return ModuleFinder.of(location).findAll().stream()
        .map(ModuleReference::descriptor)
        .filter(Predicate.not(ModuleDescriptor::isAutomatic))
        .findAny()
        .orElseGet(() -> ModuleDescriptor.newAutomaticModule(built(location)).build());
  }

  private static String built(Path location) {
    Path target = location;
    while (!target.endsWith("target")) {
      target = target.getParent();
    }
    return "io.fkvs." + target.getParent().getFileName();
  }

  private static String required(ModuleDescriptor module) {
    return module.requires().stream()
        .map(ModuleDescriptor.Requires::name)
        .filter(Predicate.not("java.base"::equals))
        .sorted()
        .collect(Collectors.joining(" "));
  }

  private static String exported(ModuleDescriptor module) {
    return module.exports().stream()
        .map(ModuleDescriptor.Exports::toString)
        .sorted()
        .collect(Collectors.joining(" "));
  }

  /** The table as text, without the prefix that all our names have. */
  private static String lines(Map<String, String> table) {
    return table.entrySet().stream()
        .map(line -> (line.getKey() + ": " + line.getValue()).strip().replace("io.fkvs.", ""))
        .collect(Collectors.joining("\n", "", "\n"));
  }
}
