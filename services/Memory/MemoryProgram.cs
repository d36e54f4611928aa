using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Memory;

/// <summary>Memory for programs, up to the quotas that the system writes into its arguments (docs/services.md).</summary>
public static class MemoryProgram
{
    private const byte QuotasUnclear = 1;
    private const byte PoolTooSmall = 2;

    [Program]
    internal static void Main(in ProgramStart start)
    {
        QuotaTable quotas = default;
        if (!quotas.Read(start.Arguments))
        {
            ProgramExit.End(QuotasUnclear);
        }

        MemoryServer server = default;
        if (!start.TryFind("slots"u8, out GrantRecord slots) || !server.Begin(in quotas, new UntypedMemory(start.Find("pool"u8)), in slots))
        {
            ProgramExit.End(PoolTooSmall);
        }

        _ = MemoryDispatch.Run(ref server, start.Find("clients"u8), ReplySet.Of(start.Replies.First, start.Replies.Count));
    }
}
