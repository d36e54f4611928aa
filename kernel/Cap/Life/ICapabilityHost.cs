using Atoll.Abi;

namespace Atoll.Cap;

/// <summary>What this room asks of those above it: objects end here, but waits, time and interrupts are theirs.</summary>
/// <remarks>
/// An implementation is a struct that is never made; the compiler puts its methods in place of the calls. None may call back
/// into deletion.
/// </remarks>
/// <typeparam name="TState">Their state, which holds this room's (<see cref="CapabilityState"/>).</typeparam>
public interface ICapabilityHost<[AllowLinear] TState>
    where TState : struct
{
    /// <summary>This room's state.</summary>
    static abstract ref CapabilityState Capabilities(ref TState state);

    /// <summary>The last capability to a thread is gone: it stops for good. It leaves queues, heap and its scheduling
    /// context; a caller
    /// that waits for its answer hears <see cref="SystemResult.PeerDied"/>. Its notification is unbound already.</summary>
    static abstract void EndThread(ref TState state, ObjectPointer<Thread> thread);

    /// <summary>A thread has no address space any more (<see cref="Thread.TableRoot"/> is 0 already), and does not run
    /// until it has one. It
    /// may have ended before.</summary>
    static abstract void LoseVSpace(ref TState state, ObjectPointer<Thread> thread);

    /// <summary>The last capability to an endpoint goes: ends one thread's wait there with
    /// <see cref="SystemResult.PeerDied"/>.</summary>
    /// <returns>Whether nobody waits there now.</returns>
    static abstract bool EndWait(ref TState state, ObjectPointer<Endpoint> endpoint);

    /// <summary>The same for a notification. Once nobody waits, nothing may point to it any more, such as an interrupt.</summary>
    static abstract bool EndWait(ref TState state, ObjectPointer<Notification> notification);

    /// <summary>The last capability to a reply object is gone: its caller hears <see cref="SystemResult.PeerDied"/>.</summary>
    static abstract void EndReply(ref TState state, ObjectPointer<Reply> reply);

    /// <summary>The last capability to a scheduling context is gone: nobody runs on it any more.</summary>
    static abstract void EndSchedulingContext(ref TState state, ObjectPointer<SchedulingContext> context);

    /// <summary>The last capability to an interrupt is gone: it is masked, and free for the next.</summary>
    static abstract void EndInterrupt(ref TState state, ulong number);

    /// <summary>The last capability to an end of a channel is gone: nothing of it is mapped any more, and the other end hears of it.</summary>
    static abstract void EndChannel(ref TState state, ulong number);

    /// <summary>A capability that another instance holds is being revoked. Asked again and again until it says yes.</summary>
    /// <param name="state">Their state.</param>
    /// <param name="slot">With <see cref="SlotFlags.Exported"/>.</param>
    /// <returns>Whether it can go: its holder cannot use it any more.</returns>
    static abstract bool TryEndExport(ref TState state, ObjectPointer<CapabilitySlot> slot);

    /// <summary>The last capability of programs to an object of another instance is gone.</summary>
    /// <param name="state">Their state.</param>
    /// <param name="root">With <see cref="SlotFlags.ImportRoot"/>.</param>
    static abstract void EmptyImport(ref TState state, ObjectPointer<CapabilitySlot> root);

    /// <summary>An address space ends. If the processor uses its tables it goes over to the kernel's own.</summary>
    /// <param name="state">Their state.</param>
    /// <param name="root">Physical address of its level 4 table.</param>
    static abstract void LeaveTables(ref TState state, ulong root);

    /// <summary>Ends, in bounded steps, the waits of all senders at an endpoint that use a badge.</summary>
    /// <returns>Ok or <see cref="SystemResult.Again"/>.</returns>
    static abstract Outcome CancelBadgedSends(ref TState state, ObjectPointer<Endpoint> endpoint, ulong badge);
}
