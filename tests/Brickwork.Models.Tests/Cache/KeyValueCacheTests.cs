using Brickwork.Kernels.Attention;
using Brickwork.Models.Cache;

namespace Brickwork.Models.Tests.Cache;

public sealed class KeyValueCacheTests
{
    static readonly AttentionOptions Form = AttentionCase.Form();

    [Theory]
    [InlineData(CacheType.F32)]
    [InlineData(CacheType.F16)]
    [InlineData(CacheType.Q8_0)]
    public void What_is_saved_and_loaded_continues_with_the_same_bits(CacheType type)
    {
        var attention = new AttentionCase(Form, 200, type);
        using var compute = new Compute(2);
        using var pool = new PagePool();
        using var cache = new KeyValueCache(pool, attention.Shape);
        var (expected, actual) = (Tensor.Zeros(200, 64), Tensor.Zeros(200, 64));
        attention.Step(compute, cache, 0, 150, expected);
        var file = new MemoryStream();
        cache.Save(file);
        attention.Step(compute, cache, 150, 50, expected);

        using var loaded = new KeyValueCache(pool, attention.Shape);
        file.Position = 0;
        loaded.Load(file);
        (loaded.Length, file.Position).ShouldBe((150, file.Length));
        attention.Step(compute, loaded, 150, 50, actual);
        actual.SliceRows(150, 50).Floats.SequenceEqual(expected.SliceRows(150, 50).Floats).ShouldBeTrue();
    }

    [Fact]
    public void A_windowed_cache_is_saved_with_its_absolute_positions()
    {
        var attention = new AttentionCase(Form with { Mask = AttentionMask.SlidingWindow(65) }, 500, window: 65);
        using var compute = new Compute(1);
        using var pool = new PagePool();
        using var cache = new KeyValueCache(pool, attention.Shape);
        var output = Tensor.Zeros(500, 64);
        for (var row = 0; row < 500; row += 50)
            attention.Step(compute, cache, row, 50, output);
        cache.FirstPosition.ShouldBe(384);
        cache.Bytes.ShouldBe(2 * attention.Shape.PageBytes);
        var file = new MemoryStream();
        cache.Save(file);
        file.Position = 0;
        using var loaded = new KeyValueCache(pool, attention.Shape);
        loaded.Load(file);
        (loaded.FirstPosition, loaded.Length).ShouldBe((384, 500));
        (loaded.CanTruncate(448), loaded.CanTruncate(447), loaded.CanTruncate(0)).ShouldBe((true, false, true));
        Should.Throw<InvalidOperationException>(() => loaded.Truncate(447));
    }

    [Fact]
    public void A_file_that_is_cut_off_or_foreign_or_lies_is_refused_and_leaves_an_empty_cache()
    {
        var attention = new AttentionCase(Form, 100);
        using var compute = new Compute(1);
        using var pool = new PagePool();
        using var cache = new KeyValueCache(pool, attention.Shape);
        cache.Append(compute, attention.Keys, attention.Values);
        var file = new MemoryStream();
        cache.Save(file);
        var bytes = file.ToArray();
        foreach (var cut in new[] { 0, 3, 31, 32, 100, bytes.Length - 1 })
            Refuses(bytes[..cut]);
        var longer = bytes.ToArray();
        BitConverter.TryWriteBytes(longer.AsSpan(24), int.MaxValue);
        Refuses(longer);
        var negative = bytes.ToArray();
        BitConverter.TryWriteBytes(negative.AsSpan(24), -5);
        Refuses(negative);
        using var other = new KeyValueCache(pool, attention.Shape with { Type = CacheType.F16 });
        Should.Throw<CheckpointException>(() => other.Load(new MemoryStream(bytes)));

        void Refuses(byte[] content)
        {
            Should.Throw<CheckpointException>(() => cache.Load(new MemoryStream(content)));
            if (content.Length >= 32 && BitConverter.ToInt32(content, 24) >= 0)
                cache.Length.ShouldBe(0);
        }
    }

    [Fact]
    public void Truncating_and_repeating_gives_the_same_bits()
    {
        var attention = new AttentionCase(Form, 300);
        using var compute = new Compute(2);
        using var pool = new PagePool();
        using var cache = new KeyValueCache(pool, attention.Shape);
        var (first, second) = (Tensor.Zeros(300, 64), Tensor.Zeros(300, 64));
        attention.Step(compute, cache, 0, 300, first);
        cache.Truncate(127);
        cache.Length.ShouldBe(127);
        pool.UsedBytes.ShouldBe(2 * attention.Shape.PageBytes);
        attention.Step(compute, cache, 127, 173, second);
        second.SliceRows(127, 173).Floats.SequenceEqual(first.SliceRows(127, 173).Floats).ShouldBeTrue();
    }

    [Fact]
    public void A_full_pool_raises_an_error_that_says_what_to_do_and_leaves_the_cache_as_it_was()
    {
        var attention = new AttentionCase(Form, 300);
        using var compute = new Compute(1);
        using var pool = new PagePool(3 * attention.Shape.PageBytes);
        using var cache = new KeyValueCache(pool, attention.Shape);
        cache.Append(compute, attention.Keys.SliceRows(0, 100), attention.Values.SliceRows(0, 100));
        var error = Should.Throw<MemoryLimitException>(
            () => cache.Append(compute, attention.Keys.SliceRows(100, 200), attention.Values.SliceRows(100, 200)));
        error.NextStep.ShouldNotBeEmpty();
        cache.Length.ShouldBe(100);
        pool.UsedBytes.ShouldBe(2 * attention.Shape.PageBytes);
        cache.Append(compute, attention.Keys.SliceRows(100, 92), attention.Values.SliceRows(100, 92));
        cache.Length.ShouldBe(192);
    }

    [Fact]
    public void Pages_come_back_when_a_cache_is_disposed_and_are_lent_again_as_zeros()
    {
        using var pool = new PagePool(1000);
        var page = pool.Rent(600);
        page.Bytes(0, 600).Fill(7);
        pool.Return(page);
        (pool.UsedBytes, pool.FreeBytes).ShouldBe((0, 600));
        var again = pool.Rent(600);
        again.ShouldBeSameAs(page);
        again.Bytes(0, 600).ToArray().ShouldAllBe(value => value == 0);
        pool.Return(again);
        // Another size does not fit beside the free page, which makes room.
        pool.Rent(700).Length.ShouldBe(700);
        pool.FreeBytes.ShouldBe(0);
    }
}
