using System.Runtime.InteropServices;
using Atoll.Packetdrill.Machine;
using Atoll.Packetdrill.Scripting;

namespace Atoll.Packetdrill.Tests;

/// <summary>The stack behind the shared library, driven as packetdrill drives it: through the table that its one export fills.</summary>
public sealed unsafe class NativeStack : IStackUnderTest
{
    private readonly PacketdrillTable _table;

    public NativeStack(nint library)
    {
        var begin = (delegate* unmanaged<byte*, PacketdrillTable*, void>)NativeLibrary.GetExport(library, "packetdrill_interface_init");
        PacketdrillTable table;
        begin(null, &table);
        _table = table;
    }

    public long Now
    {
        get
        {
            TimeValue time;
            _table.GetTimeOfDay(_table.UserData, &time, null);
            return (time.Seconds * 1_000_000) + time.Microseconds;
        }
    }

    public bool HasSent => false;

    public int Socket() => Result(_table.Socket(_table.UserData, 2, 1, 6));

    public int Bind(int descriptor, ushort port)
    {
        SocketAddress address = Address(ScriptAddresses.Local, port);
        return Result(_table.Bind(_table.UserData, descriptor, &address, 16));
    }

    public int Listen(int descriptor, int backlog) => Result(_table.Listen(_table.UserData, descriptor, backlog));

    public int Accept(int descriptor)
    {
        SocketAddress peer;
        uint length = 16;
        int result = Result(_table.Accept(_table.UserData, descriptor, &peer, &length));
        Assert.True(result < 0 || peer.NetworkAddress == Address(ScriptAddresses.Remote, 0).NetworkAddress, "accept told another peer");
        return result;
    }

    public int Connect(int descriptor, ushort port)
    {
        SocketAddress address = Address(ScriptAddresses.Remote, port);
        return Result(_table.Connect(_table.UserData, descriptor, &address, 16));
    }

    public int Write(int descriptor, byte[] bytes)
    {
        fixed (byte* first = bytes)
        {
            return Result((int)_table.Write(_table.UserData, descriptor, first, (nuint)bytes.Length));
        }
    }

    public int Read(int descriptor, byte[] bytes)
    {
        fixed (byte* first = bytes)
        {
            return Result((int)_table.Read(_table.UserData, descriptor, first, (nuint)bytes.Length));
        }
    }

    public int Shutdown(int descriptor, int how) => Result(_table.Shutdown(_table.UserData, descriptor, how));

    public int Close(int descriptor) => Result(_table.Close(_table.UserData, descriptor));

    public int SetNonBlocking(int descriptor) =>
        Result(_table.FileControl(_table.UserData, descriptor, LinuxNumbers.SetFlags, LinuxNumbers.NonBlocking | 2));

    public int SetOption(int descriptor, int level, int option, int[] value)
    {
        fixed (int* first = value)
        {
            return Result(_table.SetOption(_table.UserData, descriptor, level, option, first, (uint)(4 * value.Length)));
        }
    }

    public int TakeError(int descriptor, out int error)
    {
        int value = 0;
        uint length = 4;
        int result = Result(_table.GetOption(_table.UserData, descriptor, LinuxNumbers.LevelSocket,
            LinuxNumbers.OptionError, &value, &length));
        error = value;
        return result;
    }

    public int Poll(int descriptor, int events, out int found)
    {
        var entry = new PollEntry { Descriptor = descriptor, Events = (short)events };
        int result = Result(_table.Poll(_table.UserData, &entry, 1, 0));
        found = entry.Found;
        return result;
    }

    public void NetdevSend(byte[] packet)
    {
        fixed (byte* first = packet)
        {
            Assert.Equal(0, _table.NetdevSend(_table.UserData, first, (nuint)packet.Length));
        }
    }

    public byte[] NetdevReceive(out long at)
    {
        byte[] buffer = new byte[2048];
        nuint count = (nuint)buffer.Length;
        long time;
        fixed (byte* first = buffer)
        {
            Assert.Equal(0, _table.NetdevReceive(_table.UserData, first, &count, &time));
        }

        at = time;
        return buffer[..(int)count];
    }

    public void Sleep(long microseconds)
    {
        // useconds_t has 32 bits.
        for (; microseconds > 0; microseconds -= 1_000_000_000)
        {
            Assert.Equal(0, _table.MicroSleep(_table.UserData, (uint)Math.Min(microseconds, 1_000_000_000)));
        }
    }

    public void Dispose() => _table.Free(_table.UserData);

    private static int Result(int result) => result < 0 ? -Marshal.GetLastSystemError() : result;

    private static SocketAddress Address(uint address, ushort port) => new()
    {
        Family = 2,
        NetworkPort = System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(port),
        NetworkAddress = System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(address),
    };
}
