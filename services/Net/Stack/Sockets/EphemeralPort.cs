namespace Atoll.Services.Net.Stack;

/// <summary>Ports to call from: at random, so that nobody can foretell a flow. Source: RFC 6056, algorithm 1.</summary>
internal static class EphemeralPort
{
    // With half of 16384 ports taken towards one peer, 64 misses in a row are less likely than a broken machine.
    private const int Tries = 64;
    private const int PortMask = 0x3FFF;
    private const uint PortMax = 0xFFFF;

    public static bool TryChoose(in NetStack stack, ref Flow flow)
    {
        for (int attempt = 0; attempt < Tries; attempt++)
        {
            flow.LocalPort = Draw(stack);
            if (FlowTable.Find(stack, flow) < 0 && TcpListen.Find(stack, flow.LocalPort) < 0)
            {
                return true;
            }
        }

        return false;
    }

    public static ushort Draw(in NetStack stack)
    {
        uint drawn = StackLimits.EphemeralPortMin + ((uint)stack.State.Random.Next() & PortMask);
        uint shares = stack.State.Settings.PortShares;
        if (shares <= 1)
        {
            return (ushort)drawn;
        }

        // The one of our share near it.
        uint own = drawn - (drawn % shares) + stack.State.Settings.PortShare;
        return (ushort)(own > PortMax ? own - shares : own < StackLimits.EphemeralPortMin ? own + shares : own);
    }
}
