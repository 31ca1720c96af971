"""The YAML vocabulary of rules, its loader with line numbers, and the stage that applies them.

::

    rules:                                    # the first that fits a request decides, alone
      - name: busy
        when:                                 # what is not said may be anything
          operation: create_handle
          type: invite
          caller: host                        # a role or a xuid; invitee: the same
          session: lobby-1
          inviteAttributes.titleId: "1234567890"   # a field of the body, in wire spelling
          fields: {anything.else: 1}          # one that MPSD does not know
          nth: 3..5                           # of the times that all the rest is so; 3, or 3.. without end
        then:                                 # one of the three
          refuse: throttled                   # by name; retry_after: 5 beside it
          # respond: {status: 500, headers: {X-A: b}, body: {sorry: true}}
          # lose_answer: close                # or reset, timeout: the service has acted, the caller never hears
        times: 2                              # how often it acts at most
"""
