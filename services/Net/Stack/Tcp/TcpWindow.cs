namespace Atoll.Services.Net.Stack;

/// <summary>The window that we announce. Source: RFC 9293, "Receiver's Algorithm"; RFC 7323, "Window Scale Option".</summary>
internal static class TcpWindow
{
    private const uint UnscaledMax = 65535;

    /// <summary>The least shift with which the whole buffer can be announced.</summary>
    public static byte Scale(int bufferBytes)
    {
        byte shift = 0;
        while (bufferBytes >> shift > UnscaledMax)
        {
            shift++;
        }

        return shift;
    }

    /// <summary>Moves the end of the window, if that is worth it, and says what goes into the header.</summary>
    public static ushort Announce(in NetStack stack, ref TcpConnection connection, bool isSyn)
    {
        ref TcpReceiveState receive = ref connection.Receive;
        if (Gain(stack, connection) >= Step(stack))
        {
            receive.WindowEnd += (uint)Gain(stack, connection);
        }

        byte shift = isSyn ? (byte)0 : connection.Agreed.ReceiveScale;
        uint most = UnscaledMax << shift;
        if (receive.Window > most)
        {
            receive.WindowEnd = receive.Next + most;
        }

        return (ushort)(receive.Window >> shift);
    }

    /// <summary>Whether the peer should hear of the room that the application has just made.</summary>
    public static bool IsUpdateDue(in NetStack stack, in TcpConnection connection)
    {
        int gain = Gain(stack, connection);
        return gain >= stack.State.Settings.TcpBufferBytes / 2
            || gain >= 2 * SegmentBytes(stack)
            || (gain >= Step(stack) && connection.Receive.Window < (uint)SegmentBytes(stack));
    }

    // How far the end could move.
    private static int Gain(in NetStack stack, in TcpConnection connection)
    {
        ref readonly TcpReceiveState receive = ref connection.Receive;
        return (int)(receive.Next + (uint)(stack.State.Settings.TcpBufferBytes - receive.BufferCount) - receive.WindowEnd);
    }

    // Less is a silly window.
    private static int Step(in NetStack stack) => Arithmetic.Min(stack.State.Settings.TcpBufferBytes / 2, SegmentBytes(stack));

    private static int SegmentBytes(in NetStack stack) => stack.State.Settings.Mtu - Ipv4Header.Bytes - TcpSegment.HeaderBytes;
}
