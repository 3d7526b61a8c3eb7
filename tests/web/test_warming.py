"""A fresh web process reads rulebooks, addresses and page parts before anybody asks (design §4: the first page is not slow)."""

from guanjia.rulebooks.books import books
from guanjia.rulebooks.schema import parameters_book
from guanjia.web.warming import warm


def test_everything_is_read_and_no_database_asked(caplog):
    """Without a database mark any query would be an error, which warming up writes down."""
    for kept in (books, parameters_book):
        kept.cache_clear()
    warm()
    assert books.cache_info().currsize == parameters_book.cache_info().currsize == 1
    assert not caplog.records
