import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A lobby bot in Java, met by a server on a real port; each test has a world of its own. */
@ExtendWith(HandlesfakeExtension.class)
class LobbyTest {
    /** The code under test; a bot of yours has MPSD_URL in its settings. */
    private static int invite(Handlesfake.User host, String xuid) throws Exception {
        String body = """
                {"type": "invite", "version": 1, "invitedXuid": "%s", "inviteAttributes": {"titleId": "1234567890"},
                 "sessionRef": {"scid": "7e570100-1111-4222-8333-444455556666", "templateName": "FakeLobby",
                                "name": "lobby-1"}}""".formatted(xuid);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(System.getenv("MPSD_URL") + "/handles"));
        host.headers().forEach(request::header);
        request.header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body));
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    @BeforeEach
    void party(Handlesfake.World mpsd) {
        mpsd.arrange("""
                users: [{role: host}, {role: guest}]
                sessions: [{name: lobby-1, members: [host]}]""");
    }

    @Test
    void theGuestIsInvited(Handlesfake.World mpsd) throws Exception {
        assertEquals(201, invite(mpsd.user("host"), mpsd.user("guest").xuid()));

        mpsd.claim("invited", "xuids", List.of("guest"), "by", "host", "session", "lobby-1", "times", 1);
    }

    @Test
    void aFailureSaysWhatWasSentInstead(Handlesfake.World mpsd) throws Exception {
        invite(mpsd.user("host"), "3210");

        AssertionError error =
                assertThrows(AssertionError.class, () -> mpsd.claim("invited", "xuids", List.of("guest")));
        assertTrue(error.getMessage().contains("was not invited"), error.getMessage());
    }

    @Test
    void aBusyServiceIsMet(Handlesfake.World mpsd) throws Exception {
        mpsd.rules("rules: [{name: busy, when: {type: invite}, then: {refuse: throttled}}]");

        assertEquals(429, invite(mpsd.user("host"), "3210"));
        Map<String, Object> sent = mpsd.sent("type", "invite").get(0);
        assertEquals("rule 'busy'", sent.get("decided_by"));
    }
}
