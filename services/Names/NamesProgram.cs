using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Names;

/// <summary>Servers by name: which program may have which is in the arguments that the system gives (docs/services.md).</summary>
public static class NamesProgram
{
    private const byte NamesUnclear = 1;
    private const byte SlotsMissing = 2;

    [Program]
    internal static void Main(in ProgramStart start)
    {
        NameTable names = default;
        if (!names.Read(start.Arguments))
        {
            ProgramExit.End(NamesUnclear);
        }

        NamesServer server = default;
        if (!start.TryFind("slots"u8, out GrantRecord slots) || !server.Begin(in names, in slots))
        {
            ProgramExit.End(SlotsMissing);
        }

        _ = NamesDispatch.Run(ref server, start.Find("clients"u8), ReplySet.Of(start.Replies.First, start.Replies.Count));
    }
}
