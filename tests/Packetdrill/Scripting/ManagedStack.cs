using Atoll.Packetdrill.Machine;
using Atoll.Services.Net.Stack;

namespace Atoll.Packetdrill.Scripting;

/// <summary>The stack in this process, without the shared library between.</summary>
public sealed class ManagedStack : IStackUnderTest
{
    private readonly VirtualHost _host = new();
    private readonly SocketCalls _calls;

    public ManagedStack() => _calls = new SocketCalls(_host);

    public long Now => (long)_host.Now;

    public bool HasSent => _host.HasSent;

    public int Socket() => _calls.Socket();

    public int Bind(int descriptor, ushort port) => _calls.Bind(descriptor, new Ipv4Address(ScriptAddresses.Local), port);

    public int Listen(int descriptor, int backlog) => _calls.Listen(descriptor, backlog);

    public int Accept(int descriptor) => _calls.Accept(descriptor, out _);

    public int Connect(int descriptor, ushort port) => _calls.Connect(descriptor, new Ipv4Address(ScriptAddresses.Remote), port);

    public int Write(int descriptor, byte[] bytes) => _calls.Write(descriptor, bytes);

    public int Read(int descriptor, byte[] bytes) => _calls.Read(descriptor, bytes);

    public int Shutdown(int descriptor, int how) => _calls.Shutdown(descriptor, how);

    public int Close(int descriptor) => _calls.Close(descriptor);

    public int SetNonBlocking(int descriptor) => _calls.SetNonBlocking(descriptor, isNonBlocking: true);

    public int SetOption(int descriptor, int level, int option, int[] value) =>
        _calls.Change(descriptor, open => SocketOptions.Set(open, level, option, value));

    public int TakeError(int descriptor, out int error)
    {
        error = _calls.TakeError(descriptor);
        return error < 0 ? error : 0;
    }

    public int Poll(int descriptor, int events, out int found)
    {
        found = SocketOptions.PollBits(_calls.Poll(descriptor)) & (events | LinuxNumbers.PollErr | LinuxNumbers.PollHup);
        return found == 0 ? 0 : 1;
    }

    public void NetdevSend(byte[] packet) => _host.Receive(packet);

    public byte[] NetdevReceive(out long at)
    {
        _host.TryTransmit(out byte[] packet, out ulong time);
        at = (long)time;
        return packet;
    }

    public void Sleep(long microseconds) => _host.Sleep((ulong)microseconds);

    public void Dispose()
    {
    }
}
