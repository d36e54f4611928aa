using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Clock;

/// <summary>Time for programs (docs/services.md).</summary>
public static class ClockProgram
{
    private const byte SlotsMissing = 1;
    private const byte EndpointMissing = 2;
    private const byte NameRefused = 3;
    private const uint Retries = 100;

    [Program]
    internal static void Main(in ProgramStart start)
    {
        _ = start.TryFind("rtc"u8, out GrantRecord ports);
        ClockServer server = new(start.TscHz, new RealTimeClock(in ports));
        if (!start.TryFind("slots"u8, out GrantRecord slots))
        {
            ProgramExit.End(SlotsMissing);
        }

        SlotRow row = Inbox.Open(in slots);
        uint own = slots.Slot + 1 + Inbox.Slots;
        CNodeTable node = new(slots.Slot);
        server.Begin(node, own + 1, row.Count - 1);
        uint endpoint = start.Find("clients"u8);
        if (endpoint == ProgramSlot.Null)
        {
            endpoint = own;
            if (new UntypedMemory(start.Find("own"u8)).RetypeAll(CapabilityType.Endpoint, node, own) != SystemResult.Ok)
            {
                ProgramExit.End(EndpointMissing);
            }

            Register(new NamesClient(start.Find("names"u8)), endpoint);
        }

        _ = ClockDispatch.Run(ref server, endpoint, ReplySet.Of(start.Replies.First, start.Replies.Count));
    }

    // The server of names may be being started again.
    private static void Register(NamesClient names, uint endpoint)
    {
        for (uint attempt = 0; attempt < Retries; attempt++)
        {
            CallResult told = names.Register("clock"u8, new MessageEndpoint(endpoint), out NamesAnswer answer);
            if (told != CallResult.PeerDied)
            {
                if (told != CallResult.Ok || answer != NamesAnswer.Done)
                {
                    ProgramExit.End(NameRefused);
                }

                return;
            }
        }

        ProgramExit.End(NameRefused);
    }
}
