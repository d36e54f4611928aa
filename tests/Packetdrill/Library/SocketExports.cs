using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Atoll.Packetdrill.Machine;
using Atoll.Services.Net.Stack;

namespace Atoll.Packetdrill.Library;

/// <summary>Calls that open, close and change sockets.</summary>
internal static unsafe class SocketExports
{
    private const int FamilyInternet = 2;
    private const int TypeStream = 1;
    private const int TypeMask = 0xF;

    public static void Fill(PacketdrillTable* table)
    {
        table->Socket = &Socket;
        table->Bind = &Bind;
        table->Listen = &Listen;
        table->Accept = &Accept;
        table->Connect = &Connect;
        table->FileControl = &FileControl;
        table->IoControl = &IoControl;
        table->Close = &Close;
        table->Shutdown = &Shutdown;
        table->GetOption = &GetOption;
        table->SetOption = &SetOption;
        table->Poll = &Poll;
        table->EpollCreate = &EpollCreate;
        table->EpollControl = &EpollControl;
        table->EpollWait = &EpollWait;
        table->Pipe = &Pipe;
        table->Splice = &Splice;
    }

    [UnmanagedCallersOnly]
    private static int Socket(void* userData, int domain, int type, int protocol)
    {
        if (domain != FamilyInternet || (type & TypeMask) != TypeStream)
        {
            return Exports.Return(-Errno.NotSupported);
        }

        SocketCalls calls = Exports.Of(userData).Calls;
        int descriptor = calls.Happen(calls.Socket);
        return Exports.Return((type & LinuxNumbers.NonBlocking) == 0 ? descriptor : Math.Min(descriptor,
            MakeNonBlocking(calls, descriptor)));
    }

    private static int MakeNonBlocking(SocketCalls calls, int descriptor) =>
        calls.SetNonBlocking(descriptor, isNonBlocking: true) < 0 ? -Errno.BadDescriptor : descriptor;

    [UnmanagedCallersOnly]
    private static int Bind(void* userData, int descriptor, SocketAddress* address, uint length) =>
        Exports.Return(Exports.Of(userData).Calls.Bind(descriptor, Exports.Address(*address), Exports.Port(*address)));

    [UnmanagedCallersOnly]
    private static int Listen(void* userData, int descriptor, int backlog) =>
        Exports.Return(Exports.Of(userData).Calls.Listen(descriptor, backlog));

    [UnmanagedCallersOnly]
    private static int Accept(void* userData, int descriptor, SocketAddress* address, uint* length)
    {
        int accepted = Exports.Of(userData).Calls.Accept(descriptor, out Endpoint peer);
        if (accepted >= 0 && address is not null && length is not null && *length >= sizeof(SocketAddress))
        {
            *length = (uint)sizeof(SocketAddress);
            *address = new SocketAddress
            {
                Family = FamilyInternet,
                NetworkPort = BinaryPrimitives.ReverseEndianness(peer.Port),
                NetworkAddress = BinaryPrimitives.ReverseEndianness(peer.Address.Value),
            };
        }

        return Exports.Return(accepted);
    }

    [UnmanagedCallersOnly]
    private static int Connect(void* userData, int descriptor, SocketAddress* address, uint length) =>
        Exports.Return(Exports.Of(userData).Calls.Connect(descriptor, Exports.Address(*address), Exports.Port(*address)));

    [UnmanagedCallersOnly]
    private static int FileControl(void* userData, int descriptor, int command, nint argument)
    {
        SocketCalls calls = Exports.Of(userData).Calls;
        int result = command switch
        {
            LinuxNumbers.SetFlags => calls.SetNonBlocking(descriptor, (argument & LinuxNumbers.NonBlocking) != 0),
            LinuxNumbers.GetFlags => Flags(calls.IsNonBlocking(descriptor)),
            _ => -Errno.Invalid,
        };
        return Exports.Return(result);
    }

    // O_RDWR, and O_NONBLOCK where it is set.
    private static int Flags(int isNonBlocking) =>
        isNonBlocking < 0 ? isNonBlocking : 2 | (isNonBlocking == 1 ? LinuxNumbers.NonBlocking : 0);

    [UnmanagedCallersOnly]
    private static int IoControl(void* userData, int descriptor, nuint request, void* argument) => Exports.Return(-Errno.NotSupported);

    [UnmanagedCallersOnly]
    private static int Close(void* userData, int descriptor) => Exports.Return(Exports.Of(userData).Calls.Close(descriptor));

    [UnmanagedCallersOnly]
    private static int Shutdown(void* userData, int descriptor, int how) =>
        Exports.Return(Exports.Of(userData).Calls.Shutdown(descriptor, how));

    [UnmanagedCallersOnly]
    private static int GetOption(void* userData, int descriptor, int level, int option, void* value, uint* length)
    {
        if (level != LinuxNumbers.LevelSocket || option != LinuxNumbers.OptionError || *length < sizeof(int))
        {
            return Exports.Return(-Errno.NoProtocolOption);
        }

        int error = Exports.Of(userData).Calls.TakeError(descriptor);
        *(int*)value = error;
        *length = sizeof(int);
        return Exports.Return(error < 0 ? error : 0);
    }

    [UnmanagedCallersOnly]
    private static int SetOption(void* userData, int descriptor, int level, int option, int* value, uint length)
    {
        int[] numbers = new ReadOnlySpan<int>(value, (int)(length / sizeof(int))).ToArray();
        return Exports.Return(Exports.Of(userData).Calls.Change(descriptor, open => SocketOptions.Set(open, level, option, numbers)));
    }

    // What is ready now; it does not wait.
    [UnmanagedCallersOnly]
    private static int Poll(void* userData, PollEntry* entries, nuint count, int timeout)
    {
        int ready = 0;
        for (nuint index = 0; index < count; index++)
        {
            int found = SocketOptions.PollBits(Exports.Of(userData).Calls.Poll(entries[index].Descriptor));
            entries[index].Found = (short)(found & ((int)entries[index].Events | LinuxNumbers.PollErr | LinuxNumbers.PollHup));
            ready += entries[index].Found != 0 ? 1 : 0;
        }

        return ready;
    }

    [UnmanagedCallersOnly]
    private static int EpollCreate(void* userData, int size) => Exports.Return(-Errno.NotSupported);

    [UnmanagedCallersOnly]
    private static int EpollControl(void* userData, int poller, int operation, int descriptor, void* what) =>
        Exports.Return(-Errno.NotSupported);

    [UnmanagedCallersOnly]
    private static int EpollWait(void* userData, int poller, void* events, int most, int timeout) =>
        Exports.Return(-Errno.NotSupported);

    [UnmanagedCallersOnly]
    private static int Pipe(void* userData, int* descriptors) => Exports.Return(-Errno.NotSupported);

    [UnmanagedCallersOnly]
    private static nint Splice(void* userData, int from, long* fromOffset, int to, long* toOffset, nuint length, uint flags) =>
        Exports.Return(-Errno.NotSupported);
}
