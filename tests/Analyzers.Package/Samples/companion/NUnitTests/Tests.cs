using NUnit.Framework;

public class Tests
{
    private readonly Code _code = new();

    [Test] public void Quiet() { for (int i = 0; i < 5; i++) { _code.Quiet(i); } }

    [Test] public void Cached() { for (int i = 0; i < 5; i++) { _code.Cached(); } }

    [Test] public void Tried() { for (int i = 0; i < 5; i++) { _code.Tried(i); } }

    [Test] public void Loud() { for (int i = 0; i < 5; i++) { _code.Loud(); } }

    [Test] public void Hidden() { for (int i = 0; i < 5; i++) { _code.Hidden(); } }

    [Test] public void Outer() { for (int i = 0; i < 5; i++) { _code.Outer(); } }

    [Test] public void Share() { try { _code.Share(1, 0); } catch (DivideByZeroException) { } }

    [Test] public void Depth() => _code.Depth(() => _code.Depth(() => 1));

    [Test] public void Again() { for (int i = 0; i < 12; i++) { _code.Again(); } }

    [Test] public void Room() { for (int i = 0; i < 20; i++) { _code.Room(i); } }

    [Test] public void ThroughAllowed() { for (int i = 0; i < 5; i++) { _code.ThroughAllowed(); } }

    [Test] public void Locked() => WhileHeld(_code.Locked);

    [Test] public void Waits() => WhileHeld(_code.Waits);

    private void WhileHeld(Action action)
    {
        using var held = new ManualResetEventSlim();
        var other = new Thread(() => { lock (_code.Gate) { held.Set(); Thread.Sleep(300); } });
        other.Start();
        held.Wait();
        try { action(); } finally { other.Join(); }
    }
}
