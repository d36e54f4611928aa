using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Atoll.Packetdrill.Machine;
using Atoll.Services.Net.Stack;

namespace Atoll.Packetdrill.Library;

/// <summary>What packetdrill loads with --so_filename: one function that fills a table of functions.</summary>
public static unsafe class Exports
{
    /// <summary>Makes a stack of its own and the functions that drive it.</summary>
    /// <param name="flags">From --so_flags: unused.</param>
    /// <param name="table">To be filled.</param>
    [UnmanagedCallersOnly(EntryPoint = "packetdrill_interface_init")]
    public static void Begin(byte* flags, PacketdrillTable* table)
    {
        *table = new PacketdrillTable { UserData = (void*)GCHandle.ToIntPtr(GCHandle.Alloc(new Instance())) };
        SocketExports.Fill(table);
        TransferExports.Fill(table);
        table->Free = &Free;
        table->NetdevSend = &NetdevSend;
        table->NetdevReceive = &NetdevReceive;
        table->MicroSleep = &MicroSleep;
        table->GetTimeOfDay = &GetTimeOfDay;
    }

    internal static Instance Of(void* userData) => (Instance)GCHandle.FromIntPtr((nint)userData).Target!;

    /// <summary>Turns an error number below 0 into -1 and errno.</summary>
    internal static int Return(int result)
    {
        if (result >= 0)
        {
            return result;
        }

        Marshal.SetLastSystemError(-result);
        return -1;
    }

    internal static Ipv4Address Address(in SocketAddress address) =>
        new(BinaryPrimitives.ReverseEndianness(address.NetworkAddress));

    internal static ushort Port(in SocketAddress address) => BinaryPrimitives.ReverseEndianness(address.NetworkPort);

    [UnmanagedCallersOnly]
    private static void Free(void* userData) => GCHandle.FromIntPtr((nint)userData).Free();

    [UnmanagedCallersOnly]
    private static int NetdevSend(void* userData, byte* packet, nuint count)
    {
        Instance instance = Of(userData);
        byte[] copy = new ReadOnlySpan<byte>(packet, (int)count).ToArray();
        return instance.Calls.Happen(() =>
        {
            instance.Host.Receive(copy);
            return 0;
        });
    }

    // No packet will come: a count of 0, which packetdrill reports as an error in the script.
    [UnmanagedCallersOnly]
    private static int NetdevReceive(void* userData, byte* buffer, nuint* count, long* microseconds)
    {
        Instance instance = Of(userData);
        (byte[] packet, ulong at) = instance.Calls.Happen(() =>
        {
            instance.Host.TryTransmit(out byte[] sent, out ulong when);
            return (sent, when);
        });
        int length = Math.Min(packet.Length, (int)*count);
        packet.AsSpan(0, length).CopyTo(new Span<byte>(buffer, length));
        *count = (nuint)length;
        *microseconds = (long)at;
        return 0;
    }

    [UnmanagedCallersOnly]
    private static int MicroSleep(void* userData, uint microseconds)
    {
        Instance instance = Of(userData);
        return instance.Calls.Happen(() =>
        {
            instance.Host.Sleep(microseconds);
            return 0;
        });
    }

    [UnmanagedCallersOnly]
    private static int GetTimeOfDay(void* userData, TimeValue* time, void* zone)
    {
        ulong now = Of(userData).Host.Now;
        *time = new TimeValue { Seconds = (long)(now / 1_000_000), Microseconds = (long)(now % 1_000_000) };
        return 0;
    }
}

/// <summary>One stack and its descriptors.</summary>
internal sealed class Instance
{
    public Instance() => Calls = new SocketCalls(Host);

    public VirtualHost Host { get; } = new();

    public SocketCalls Calls { get; }
}
