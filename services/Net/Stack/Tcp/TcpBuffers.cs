using System;

namespace Atoll.Services.Net.Stack;

/// <summary>Where the bytes of a connection lie.</summary>
internal static class TcpBuffers
{
    public static Span<byte> Received(in NetStack stack, int index)
    {
        int size = stack.State.Settings.TcpBufferBytes;
        return stack.Pools.ConnectionBytes.Slice(2 * index * size, size);
    }

    public static Span<byte> ToSend(in NetStack stack, int index)
    {
        int size = stack.State.Settings.TcpBufferBytes;
        return stack.Pools.ConnectionBytes.Slice(((2 * index) + 1) * size, size);
    }
}
