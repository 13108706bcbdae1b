package io.fkvs.bench;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;

/**
 * The module rules: arrows run one way, and what embedders put on their class path depends on
 * nothing but the JDK. It stands here because this module alone sees all the others.
 */
class ArchitectureTest {
  private static final String API = "io.fkvs.store";
  private static final String AGRONA_ADAPTER = "io.fkvs.store.agrona";
  private static final String CHAINED = "io.fkvs.store.chained..";
  private static final String SWISS = "io.fkvs.store.swiss..";
  private static final String WIRE = "io.fkvs.wire..";
  private static final String CLIENT = "io.fkvs.client..";
  private static final String SERVER = "io.fkvs.server..";
  private static final String JDK = "java..";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.fkvs");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "io.fkvs.store",
        "io.fkvs.store.agrona",
        "io.fkvs.store.chained",
        "io.fkvs.store.swiss",
        "io.fkvs.wire",
        "io.fkvs.client",
        "io.fkvs.server"
      })
  void shouldSeeEveryPackageThatTheRulesName(String name) {
    assertTrue(CLASSES.containPackage(name));
  }

  @Test
  void shouldBuildTheStoreApiOnTheJdkAlone() {
    classes()
        .that()
        .resideInAPackage(API)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(API, JDK)
        .check(CLASSES);
  }

  @Test
  void shouldKeepTheAgronaAdapterOutOfTheWay() {
    classes()
        .that()
        .resideInAPackage(AGRONA_ADAPTER)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(AGRONA_ADAPTER, API, JDK, "org.agrona..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackage(AGRONA_ADAPTER)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(AGRONA_ADAPTER)
        .check(CLASSES);
  }

  @Test
  void shouldBuildTheChainedTableOnTheStoreApiAlone() {
    classes()
        .that()
        .resideInAPackage(CHAINED)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(CHAINED, API, JDK)
        .check(CLASSES);
  }

  @Test
  void shouldBuildTheSwissTableOnTheStoreApiAndTheVectorModuleAlone() {
    classes()
        .that()
        .resideInAPackage(SWISS)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(SWISS, API, JDK, "jdk.incubator.vector..")
        .check(CLASSES);
  }

  @Test
  void shouldBuildTheWireProtocolsAndTheClientOnTheJdkAlone() {
    classes()
        .that()
        .resideInAnyPackage(WIRE, CLIENT)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(WIRE, CLIENT, JDK)
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage(WIRE)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(CLIENT)
        .check(CLASSES);
  }

  @Test
  void shouldReachTablesFromTheServerThroughTheProviderInterfaceOnly() {
    noClasses()
        .that()
        .resideInAPackage(SERVER)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(CHAINED, SWISS, "io.fkvs.bench..")
        .check(CLASSES);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "..",
        "../store-api",
        "../store-chained",
        "../store-swiss",
        "../wire",
        "../wire/client",
        "../server/uring"
      })
  void shouldBringNothingAlong(String module) throws Exception {
    assertEquals(0, libraries(module));
  }

  @Test
  void shouldSeeTheLibrariesOfTheServer() throws Exception {
    assertEquals(1, libraries("../server"));
  }

  /** Counts what a module's pom brings along that is not of this project. */
  private static int libraries(String module) throws Exception {
    Document pom =
        DocumentBuilderFactory.newDefaultInstance()
            .newDocumentBuilder()
            .parse(Path.of(module, "pom.xml").toFile());
    String query =
        "count(/project/dependencies/dependency"
            + "[groupId!='io.fkvs' and not(scope='test' or scope='provided')])";
    XPath path = XPathFactory.newDefaultInstance().newXPath();
    return ((Number) path.evaluate(query, pom, XPathConstants.NUMBER)).intValue();
  }

  @Test
  void shouldKeepOutOfUnsafe() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("sun..", "jdk.internal..")
        .check(CLASSES);
  }

  @Test
  void shouldHaveNoCycleAmongPackages() {
    slices().matching("io.fkvs.(**)").should().beFreeOfCycles().check(CLASSES);
  }
}
