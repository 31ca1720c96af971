import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * JUnit 5: {@code @ExtendWith(HandlesfakeExtension.class)} gives each test that has a parameter {@link
 * Handlesfake.World} its own world, under the test's name; {@code @BeforeEach} of the same test has the same one.
 * It ends with the test, and by itself after an hour without use. Where {@code @BeforeAll} takes one, the tests of the
 * class share it, and it ends with the class. When a test fails, its report has what MPSD was sent.
 */
public final class HandlesfakeExtension implements ParameterResolver, AfterEachCallback {
    private static final ExtensionContext.Namespace OURS = ExtensionContext.Namespace.create(HandlesfakeExtension.class);
    private static final int LONGEST = 160;

    private record Held(Handlesfake.World world) implements ExtensionContext.Store.CloseableResource {
        @Override
        public void close() {
            world.close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Handlesfake.World.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getStore(OURS).getOrComputeIfAbsent(Held.class, key -> new Held(begin(context)), Held.class).world();
    }

    private static Handlesfake.World begin(ExtensionContext context) {
        String test = context.getDisplayName().replaceAll("\\([\\w., ]*\\)$", "");
        String name = (context.getTestClass().map(Class::getSimpleName).orElse("") + " " + test).replaceAll("\\s+", " ");
        return new Handlesfake().world("name", name.substring(0, Math.min(name.length(), LONGEST)).strip());
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Held held = context.getStore(OURS).get(Held.class, Held.class);
        if (held != null && context.getExecutionException().isPresent()) {
            context.publishReportEntry("mpsd", held.world().timeline());
        }
    }
}
