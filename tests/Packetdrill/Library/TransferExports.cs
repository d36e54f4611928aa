using System.Runtime.InteropServices;
using Atoll.Packetdrill.Machine;

namespace Atoll.Packetdrill.Library;

/// <summary>Calls that move bytes. Flags and addresses beside them mean nothing to a connection.</summary>
internal static unsafe class TransferExports
{
    public static void Fill(PacketdrillTable* table)
    {
        table->Read = &Read;
        table->ReadVector = &ReadVector;
        table->Receive = &Receive;
        table->ReceiveFrom = &ReceiveFrom;
        table->ReceiveMessage = &ReceiveMessage;
        table->Write = &Write;
        table->WriteVector = &WriteVector;
        table->Send = &Send;
        table->SendTo = &SendTo;
        table->SendMessage = &SendMessage;
    }

    private static nint Get(void* userData, int descriptor, byte* buffer, nuint count) =>
        Exports.Return(Exports.Of(userData).Calls.Read(descriptor, new Span<byte>(buffer, (int)count)));

    private static nint Put(void* userData, int descriptor, byte* buffer, nuint count) =>
        Exports.Return(Exports.Of(userData).Calls.Write(descriptor, new ReadOnlySpan<byte>(buffer, (int)count)));

    // One piece after the other, until one is not moved whole; an error counts only if nothing was moved.
    private static nint Each(IoVector* pieces, int count, delegate*<void*, int, byte*, nuint, nint> move, void* userData, int descriptor)
    {
        nint total = 0;
        for (int index = 0; index < count; index++)
        {
            nint moved = move(userData, descriptor, pieces[index].Base, pieces[index].Length);
            if (moved < 0)
            {
                return total > 0 ? total : moved;
            }

            total += moved;
            if ((nuint)moved < pieces[index].Length)
            {
                break;
            }
        }

        return total;
    }

    [UnmanagedCallersOnly]
    private static nint Read(void* userData, int descriptor, byte* buffer, nuint count) => Get(userData, descriptor, buffer, count);

    [UnmanagedCallersOnly]
    private static nint ReadVector(void* userData, int descriptor, IoVector* pieces, int count) =>
        Each(pieces, count, &Get, userData, descriptor);

    [UnmanagedCallersOnly]
    private static nint Receive(void* userData, int descriptor, byte* buffer, nuint count, int flags) =>
        Get(userData, descriptor, buffer, count);

    [UnmanagedCallersOnly]
    private static nint ReceiveFrom(
        void* userData, int descriptor, byte* buffer, nuint count, int flags, SocketAddress* from, uint* length) =>
        Get(userData, descriptor, buffer, count);

    [UnmanagedCallersOnly]
    private static nint ReceiveMessage(void* userData, int descriptor, void* message, int flags) =>
        Exports.Return(-Errno.NotSupported);

    [UnmanagedCallersOnly]
    private static nint Write(void* userData, int descriptor, byte* buffer, nuint count) => Put(userData, descriptor, buffer, count);

    [UnmanagedCallersOnly]
    private static nint WriteVector(void* userData, int descriptor, IoVector* pieces, int count) =>
        Each(pieces, count, &Put, userData, descriptor);

    [UnmanagedCallersOnly]
    private static nint Send(void* userData, int descriptor, byte* buffer, nuint count, int flags) =>
        Put(userData, descriptor, buffer, count);

    [UnmanagedCallersOnly]
    private static nint SendTo(
        void* userData, int descriptor, byte* buffer, nuint count, int flags, SocketAddress* to, uint length) =>
        Put(userData, descriptor, buffer, count);

    [UnmanagedCallersOnly]
    private static nint SendMessage(void* userData, int descriptor, void* message, int flags) =>
        Exports.Return(-Errno.NotSupported);
}
