using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Atoll;

namespace Snippets;

static class Locks
{
    static readonly object s_gate = new();
    static readonly Lock s_lock = new();
    static readonly SemaphoreSlim s_semaphore = new(1);
    static SpinLock s_spin;
    static int s_shared;

    [NoLock, Reports("ATL2101")] static void Statement() { lock (s_gate) { s_shared++; } }
    [NoLock, Reports("ATL2101")] static void NewLock() { lock (s_lock) { s_shared++; } }
    [NoLock, Reports("ATL2101")] static void InLoop() { for (int i = 0; i < 3; i++) { lock (s_gate) { s_shared++; } } }
    [NoLock, Reports("ATL2102")] static void MonitorEnter() { Monitor.Enter(s_gate); Monitor.Exit(s_gate); }
    [NoLock, Reports("ATL2102")] static void MonitorTry() { if (Monitor.TryEnter(s_gate)) { Monitor.Exit(s_gate); } }
    [NoLock, Reports("ATL2102")] static void LockScope() { using (s_lock.EnterScope()) { s_shared++; } }
    [NoLock, Reports("ATL2102")] static void LockEnter() { s_lock.Enter(); s_lock.Exit(); }
    [NoLock, Reports("ATL2102")] static void Semaphore() { s_semaphore.Wait(); s_semaphore.Release(); }
    [NoLock, Reports("ATL2102")] static void Spin() { bool taken = false; s_spin.Enter(ref taken); s_spin.Exit(); }
    [NoLock, Reports("ATL2102")] static void BelowOne() => Locking();
    [NoLock, Reports("ATL2102")] static void BelowTwo() => Deeper();
    [NoLock, Reports("ATL2102")] static void Synchronized() => Sync();
    [NoLock, Reports()] static void Atomic() => Interlocked.Increment(ref s_shared);
    [NoLock, Reports()] static void CompareExchange() => Interlocked.CompareExchange(ref s_shared, 1, 2);
    [NoLock, Reports()] static void VolatileRead() => Sink.Number = Volatile.Read(ref s_shared);
    [NoLock, Reports()] static void Allocating() => Sink.Object = new object();
    [NoLock, Reports()] static void Throwing() { if (s_shared < 0) { throw new InvalidOperationException(); } }
    [NoLock, Reports()] static void Quiet() => Harmless();
    [NoLock, Reports()] static void Promise() => Promised();
    [NoLock, Reports("ATL2901")] static void Virtual() => Sink.Number = Given.Animal.Legs();
    [NoLock, Reports("ATL2901")] static void Delegate() => Sink.Number = Given.Twice(2);
    [NoLock, Reports("ATL2101")] static void LocalFunction() { Local(); static void Local() { lock (s_gate) { s_shared++; } } }
    [NoLock, Reports()] static void LookUp() => Sink.Flag = Given.Names.ContainsKey(1);
    [NoLock, Reports()] static void Boxing() => Sink.Object = 5;

    static void Locking() { lock (s_gate) { s_shared++; } }

    static void Deeper() => Locking();

    static void Harmless() => s_shared++;

    [NoLock] static void Promised() => s_shared++;

    [MethodImpl(MethodImplOptions.Synchronized)] static void Sync() => s_shared++;
}

static class Blocking
{
    static readonly object s_gate = new();
    static readonly ManualResetEventSlim s_event = new(true);
    static readonly ManualResetEvent s_handle = new(true);
    static readonly Task<int> s_task = Task.FromResult(3);
    static int s_shared;

    [NoBlock, Reports("ATL2401")] static void Sleep() => Thread.Sleep(1);
    [NoBlock, Reports("ATL2401")] static void Lock() { lock (s_gate) { s_shared++; } }
    [NoBlock, Reports("ATL2401")] static void MonitorEnter() { Monitor.Enter(s_gate); Monitor.Exit(s_gate); }
    [NoBlock, Reports("ATL2401")] static void EventWait() => s_event.Wait();
    [NoBlock, Reports("ATL2401")] static void HandleWait() => s_handle.WaitOne();
    [NoBlock, Reports("ATL2401")] static void TaskWait() => s_task.Wait();
    [NoBlock, Reports("ATL2401")] static void TaskResult() => Sink.Number = s_task.Result;
    [NoBlock, Reports("ATL2401")] static void Awaiter() => Sink.Number = s_task.GetAwaiter().GetResult();
    [NoBlock, Reports("ATL2401")] static void ReadLine() => Sink.Text = Console.ReadLine();
    [NoBlock, Reports("ATL2401")] static void Below() => Waiting();
    [NoBlock, Reports("ATL2401")] static void BelowTwo() => Deeper();
    [NoBlock, Reports("ATL2401")] static void Join() => Thread.CurrentThread.Join(0);
    [NoBlock, Reports()] static void Atomic() => Interlocked.Increment(ref s_shared);
    [NoBlock, Reports()] static void Computing() => Sink.Double = Math.Sqrt(3);
    [NoBlock, Reports()] static void LookUp() => Sink.Flag = Given.Names.ContainsKey(1);
    [NoBlock, Reports()] static void Allocating() => Sink.Object = new int[3];
    [NoBlock, Reports()] static void Looping() { while (Volatile.Read(ref s_shared) < 0) { s_shared++; } }
    [NoBlock, Reports()] static void Promise() => Promised();
    [NoBlock, Reports("ATL2901")] static void Interface() => Sink.Number = Given.Shape.Area();

    static void Waiting() => Thread.Sleep(1);

    static void Deeper() => Waiting();

    [NoBlock] static void Promised() => s_shared++;
}

static class Throws
{
    static int s_zero = 1;
    static object s_any = "text";
    static int? s_maybe = 3;
    static Color s_color;

    [NoThrow, Reports("ATL2201")] static void Statement() { if (s_zero < 0) { throw new InvalidOperationException(); } }
    [NoThrow, Reports("ATL2201")] static void Expression() => Sink.Text = Given.Text ?? throw new InvalidOperationException();
    [NoThrow, Reports("ATL2201")] static void InSwitch() => Sink.Number = s_color switch { Color.Red => 1, _ => throw new InvalidOperationException() };
    [NoThrow, Reports("ATL2201")] static void Again() { try { Sink.Number++; } catch (InvalidOperationException) { throw; } }
    [NoThrow, Reports("ATL2201")] static void CaughtByOther() { try { throw new InvalidOperationException(); } catch (ArgumentException) { Sink.Number++; } }
    [NoThrow, Reports("ATL2202")] static void Below() => Fails();
    [NoThrow, Reports("ATL2202")] static void BelowTwo() => Deeper();
    [NoThrow, Reports("ATL2202")] static void Parse() => Sink.Number = int.Parse("12");
    [NoThrow, Reports("ATL2202")] static void NullableValue() => Sink.Number = s_maybe!.Value;
    [NoThrow, Reports("ATL2202")] static void Guard() => ArgumentNullException.ThrowIfNull(s_any);
    [NoThrow, Reports("ATL2202")] static void Lookup() => Sink.Text = Given.Names[1];
    [NoThrow, Reports("ATL2202")] static void ListIndex() => Sink.Number = Given.List[1];
    [NoThrow, Reports("ATL2203")] static void Division() => Sink.Number = 7 / s_zero;
    [NoThrow, Reports("ATL2203")] static void Remainder() => Sink.Number = 7 % s_zero;
    [NoThrow, Reports("ATL2203")] static void DivisionAssigned() { int number = 7; number /= s_zero; Sink.Number = number; }
    [NoThrow, Reports("ATL2203")] static void CheckedAdd() => Sink.Number = checked(s_zero + 1);
    [NoThrow, Reports("ATL2203")] static void CheckedIncrement() { checked { s_zero++; } }
    [NoThrow, Reports("ATL2203")] static void CheckedCast() => Sink.Number = checked((byte)s_zero);
    [NoThrow, Reports("ATL2203")] static void Cast() => Sink.Text = (string)s_any;
    [NoThrow, Reports("ATL2203")] static void Unboxing() => Sink.Number = (int)Given.Boxed;
    [NoThrow, Reports("ATL2203")] static void NullableCast() => Sink.Number = (int)s_maybe!;
    [NoThrow, Reports("ATL2203")] static void OpenSwitch() => Sink.Number = s_zero switch { 1 => 2, 2 => 3 };
    [NoThrow, Reports()] static void Quiet() => Sink.Number++;
    [NoThrow, Reports()] static void CaughtAll() { try { throw new InvalidOperationException(); } catch (Exception) { Sink.Number++; } }
    [NoThrow, Reports()] static void CaughtAllBare() { try { Fails(); } catch { Sink.Number++; } }
    [NoThrow, Reports()] static void DivisionByConstant() => Sink.Number = s_zero / 3;
    [NoThrow, Reports()] static void UnsignedByConstant() => Sink.Number = (int)((uint)s_zero % 8u);
    [NoThrow, Reports()] static void FloatDivision() => Sink.Double = 1.0 / s_zero;
    [NoThrow, Reports()] static void Unchecked() => Sink.Number = unchecked(s_zero + 1);
    [NoThrow, Reports()] static void As() => Sink.Text = s_any as string;
    [NoThrow, Reports()] static void Pattern() { if (s_any is string text) { Sink.Text = text; } }
    [NoThrow, Reports()] static void TryParse() => Sink.Flag = int.TryParse("12", out Sink.Number);
    [NoThrow, Reports()] static void Upcast() => Sink.Object = (object)Given.Text;
    [NoThrow, Reports()] static void ClosedSwitch() => Sink.Number = s_zero switch { 1 => 2, _ => 3 };
    [NoThrow, Reports()] static void NullableDefault() => Sink.Number = s_maybe.GetValueOrDefault();
    [NoThrow, Reports()] static void Widening() => Sink.Long = s_zero;
    [NoThrow, Reports()] static void Promise() => Promised();
    [NoThrow, Reports()] static void Element() => Sink.Number = Given.Numbers[0];
    [NoThrow, Reports("ATL2901")] static void Virtual() => Sink.Number = Given.Animal.Legs();

    static void Fails() => throw new InvalidOperationException();

    static void Deeper() => Fails();

    [NoThrow] static void Promised() => Sink.Number++;
}

static class Recursing
{
    static readonly Node s_node = new();

    [NoRecursion, Reports("ATL2301")] static void Direct() { if (Given.Rarely) { Direct(); } }
    [NoRecursion, Reports("ATL2301")] static void Indirect() => Other();
    [NoRecursion, Reports("ATL2301")] static void Long1() => Long2();
    [NoRecursion, Reports("ATL2301")] static void ThroughLocal() { if (Given.Rarely) { Local(); } static void Local() => ThroughLocal(); }
    [NoRecursion, Reports("ATL2301")] static void ThroughProperty() { if (Given.Rarely) { Sink.Number = Property; } }
    [NoRecursion, Reports("ATL2301")] static void ThroughGeneric() { if (Given.Rarely) { Generic(3); } }
    [NoRecursion, Reports("ATL2301")] static void InCondition() => Sink.Flag = Given.Rarely && Conditional();
    [NoRecursion, Reports()] static void None() => Leaf();
    [NoRecursion, Reports()] static void CallsOneThatRecurses() => Looping(3);
    [NoRecursion, Reports()] static void Library() => Sink.Number = Math.Abs(-3);
    [NoRecursion, Reports()] static void SameName() => SameName(3);
    [NoRecursion, Reports()] static void OtherType() => Node.OtherType();
    [NoRecursion, Reports("ATL2901")] static void ByDelegate() => Sink.Number = Given.Twice(3);
    [NoRecursion, Reports("ATL2901")] static void ByInterface() => Sink.Number = Given.Shape.Area();

    static int Property { get { ThroughProperty(); return 3; } }

    static void Other() => Indirect();

    static void Long2() => Long3();

    static void Long3() => Long1();

    static void Generic<T>(T value) => ThroughGeneric();

    static bool Conditional() { InCondition(); return true; }

    static void Leaf() => Sink.Number++;

    static void Looping(int n) { if (n > 0) { Looping(n - 1); } }

    static void SameName(int n) => Sink.Number = n;

    sealed class Node
    {
        public static void OtherType() => Sink.Number++;
    }
}
