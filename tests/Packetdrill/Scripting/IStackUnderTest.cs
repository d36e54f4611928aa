namespace Atoll.Packetdrill.Scripting;

/// <summary>What a script drives: socket calls, a network device, a clock. Results below 0 are error numbers.</summary>
public interface IStackUnderTest : IDisposable
{
    long Now { get; }

    /// <summary>Whether something has left that no script took; false where nobody can know.</summary>
    bool HasSent { get; }

    int Socket();

    int Bind(int descriptor, ushort port);

    int Listen(int descriptor, int backlog);

    int Accept(int descriptor);

    int Connect(int descriptor, ushort port);

    int Write(int descriptor, byte[] bytes);

    int Read(int descriptor, byte[] bytes);

    int Shutdown(int descriptor, int how);

    int Close(int descriptor);

    int SetNonBlocking(int descriptor);

    /// <summary>An option with one or two numbers.</summary>
    int SetOption(int descriptor, int level, int option, int[] value);

    /// <summary>SO_ERROR.</summary>
    int TakeError(int descriptor, out int error);

    /// <summary>POLLIN and the like.</summary>
    int Poll(int descriptor, int events, out int found);

    void NetdevSend(byte[] packet);

    /// <summary>The next packet, or an empty one if none will come.</summary>
    byte[] NetdevReceive(out long at);

    void Sleep(long microseconds);
}
